package dev.promptgate.clip.image.format;

import java.io.IOException;

/**
 * The header of a JPEG's frame (ITU-T T.81, B.2.2), and whether its components come in several scans.
 *
 * @param marker 0xC0 to 0xCF: how samples are coded
 */
record JpegFrame(int marker, Bytes header, boolean hasSeveralScans) {
    static final int LOSSLESS = 0xC3;
    private static final int BASELINE = 0xC0;
    private static final int PROGRESSIVE = 0xC2;
    private static final int START_OF_SCAN = 0xDA;
    private static final int BLOCK = 8;

    /** Of a file without metadata. */
    static JpegFrame of(byte[] jpeg) throws IOException {
        Bytes file = Bytes.bigEndian(jpeg);
        int at = 2;
        Bytes header = file;
        int kind = 0;
        for (int marker = file.uint8(at + 1); marker != START_OF_SCAN; marker = file.uint8(at + 1)) {
            Bytes segment = file.part(at, 2L + file.uint16(at + 2));
            if (isFrame(marker)) {
                header = segment;
                kind = marker;
            }
            at += segment.length();
        }
        return new JpegFrame(kind, header, kind == PROGRESSIVE || file.uint8(at + 4) < header.uint8(9));
    }

    /** SOF0 to SOF15, among which are tables of other kinds. */
    static boolean isFrame(int marker) {
        return marker >= BASELINE && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    }

    int components() throws IOException {
        return header.uint8(9);
    }

    /** Whether it is of the kinds that photographs are: Huffman-coded DCT of 8-bit samples, baseline or progressive, grey or colours. */
    boolean isPhotograph() throws IOException {
        return marker >= BASELINE && marker <= PROGRESSIVE && header.uint8(4) == 8 && (components() == 1 || components() == 3);
    }

    /** Coefficients of all components, in whole blocks and units. */
    long coefficients(ImageParts.Size size) throws IOException {
        int mostAcross = 1;
        int mostDown = 1;
        for (int i = 0; i < components(); i++) {
            mostAcross = Math.max(mostAcross, header.uint8(11 + 3 * i) >> 4);
            mostDown = Math.max(mostDown, header.uint8(11 + 3 * i) & 15);
        }
        long unitsAcross = (size.width() + (long) BLOCK * mostAcross - 1) / (BLOCK * mostAcross);
        long unitsDown = (size.height() + (long) BLOCK * mostDown - 1) / (BLOCK * mostDown);
        long blocks = 0;
        for (int i = 0; i < components(); i++) {
            blocks += unitsAcross * unitsDown * (header.uint8(11 + 3 * i) >> 4) * (header.uint8(11 + 3 * i) & 15);
        }
        return blocks * BLOCK * BLOCK;
    }
}
