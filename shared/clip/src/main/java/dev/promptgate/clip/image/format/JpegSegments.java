package dev.promptgate.clip.image.format;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import javax.imageio.IIOException;

/**
 * The segments of a JPEG file (ITU-T T.81, annex B). What applications and people have written into it is left out, but for what says how
 * to read the colours.
 */
final class JpegSegments {
    /**
     * The header of a JPEG's frame (ITU-T T.81, B.2.2), and whether its components come in several scans.
     *
     * @param marker 0xC0 to 0xCF: how samples are coded
     */
    record Frame(int marker, Bytes header, boolean hasSeveralScans) {
        static final int LOSSLESS = 0xC3;
        private static final int BASELINE = 0xC0;
        private static final int PROGRESSIVE = 0xC2;

        /** Of a file without metadata. */
        static Frame of(byte[] jpeg) throws IOException {
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
            return new Frame(kind, header, kind == PROGRESSIVE || file.uint8(at + 4) < header.uint8(9));
        }

        /** SOF0 to SOF15, among which are tables of other kinds. */
        static boolean isFrame(int marker) {
            return marker >= BASELINE && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
        }

        int components() throws IOException {
            return header.uint8(9);
        }

        /**
         * Whether it is of the kinds that photographs are: Huffman-coded DCT of 8-bit samples, baseline or progressive, grey or colours.
         */
        boolean isPhotograph() throws IOException {
            return marker >= BASELINE && marker <= PROGRESSIVE && header.uint8(4) == 8 && (components() == 1 || components() == 3);
        }
    }

    private static final int SOI_BYTES = 2;
    private static final int APP0 = 0xE0;
    private static final int APP1 = 0xE1;
    private static final int APP14 = 0xEE;
    private static final int APP15 = 0xEF;
    private static final int COMMENT = 0xFE;
    private static final int START_OF_SCAN = 0xDA;
    private static final int FILL = 0xFF;

    private final Bytes file;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final JpegColors colors = new JpegColors();
    private ImageParts.Size size;
    private int orientation;

    private JpegSegments(byte[] file) {
        this.file = Bytes.bigEndian(file);
    }

    static ImageParts parts(byte[] file) throws IOException {
        return new JpegSegments(file).parts();
    }

    private ImageParts parts() throws IOException {
        int at = SOI_BYTES;
        int marker = marker(at);
        while (marker != START_OF_SCAN) {
            at = marker == FILL ? at + 1 : segment(at, marker);
            marker = marker(at);
        }
        if (size == null || !colors.known()) {
            throw new IIOException("The header of the frame is missing, or its colours are of an unknown kind");
        }
        if (!ends(at)) {
            throw new EOFException("There is no end of the image");
        }
        ByteArrayOutputStream frame = new ByteArrayOutputStream(file.length() + 16);
        frame.write(file.file(), 0, SOI_BYTES);
        frame.writeBytes(colors.segment());
        kept.writeTo(frame);
        frame.write(file.file(), at, file.length() - at);
        return ImageParts.whole(frame.toByteArray(), size, orientation == 0 ? ExifOrientation.UPRIGHT : orientation);
    }

    private int marker(int at) throws IOException {
        if (file.uint8(at) != FILL) {
            throw new IIOException("There is no marker where a segment must begin");
        }
        return file.uint8(at + 1);
    }

    private int segment(int at, int marker) throws IOException {
        Bytes segment = file.part(at, 2 + file.uint16(at + 2));
        if (marker == APP1 && segment.has(4, "Exif\0\0") && orientation == 0) {
            orientation = ExifOrientation.of(segment.part(4, segment.length() - 4L));
        }
        if (marker == APP0) {
            colors.jfif(segment);
        } else if (marker == APP14) {
            colors.adobe(segment);
        } else if (Frame.isFrame(marker)) {
            size = new ImageParts.Size(segment.uint16(7), segment.uint16(5));
            colors.frame(segment);
        }
        if (marker != COMMENT && (marker < APP0 || marker > APP15)) {
            kept.write(file.file(), at, segment.length());
        }
        return at + segment.length();
    }

    /** Stock decoders fill a file that ends early with grey instead of failing. */
    private boolean ends(int scan) {
        for (int at = file.length() - 2; at > scan; at--) {
            if (file.has(at, "\u00FF\u00D9")) {
                return true;
            }
        }
        return false;
    }
}
