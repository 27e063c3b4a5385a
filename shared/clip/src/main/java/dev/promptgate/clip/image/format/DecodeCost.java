package dev.promptgate.clip.image.format;

import java.io.IOException;

/**
 * How many bytes decoding takes at its peak, in Java's heap and in the native memory of libjpeg and libwebp, told by headers alone. The
 * figures are measured; {@code DecodeCostTest} holds them to what decoding allocates.
 */
public final class DecodeCost {
    /** Tables, buffers of rows and of compressed bytes. */
    private static final long FIXED = 1 << 20;
    private static final int BLOCK = 8;
    private static final int COEFFICIENT_BYTES = 2;
    private static final int LOSSLESS_JPEG = 0xC3;
    private static final int PROGRESSIVE_JPEG = 0xC2;
    private static final int START_OF_FRAME = 0xC0;
    private static final int START_OF_SCAN = 0xDA;

    private DecodeCost() {}

    /** The most that {@link ImageFormat#parts} takes beside the file: what is kept of it, while it is gathered and in one piece. */
    public static long ofParts(byte[] file) {
        return 3L * file.length + FIXED;
    }

    /**
     * All that is held at once on the way from a file to its RGB pixels, the parts included and the file itself not.
     *
     * @param every n-th pixel of every n-th row is wanted
     * @throws IOException if the header is damaged
     */
    public static long of(ImageFormat format, byte[] file, ImageParts parts, int every) throws IOException {
        ImageParts.Size size = parts.place().size();
        long pixels = switch (format) {
            case JPEG -> jpeg(parts.frame(), size, every);
            case PNG -> png(parts.frame(), size, every);
            case GIF, BMP -> 4 * size.pixels(); // numbers of colours, and RGB
            case WEBP -> webp(parts.frame(), size);
        };
        long canvas = parts.frameIsAll() ? 0 : 3 * reduced(parts.canvas(), every);
        return Math.max(ofParts(file), parts.frame().length + pixels + canvas + FIXED);
    }

    /** Four bytes a pixel in libwebp, of lossless files twice, and once in the heap; then three more there. It copies the file, too. */
    private static long webp(byte[] frame, ImageParts.Size size) {
        boolean isLossless = Bytes.littleEndian(frame).has(12, "VP8L");
        return (isLossless ? 12 : 8) * size.pixels() + 4L * frame.length;
    }

    private static long reduced(ImageParts.Size size, int every) {
        return ((size.width() + every - 1L) / every) * ((size.height() + every - 1L) / every);
    }

    private static long png(byte[] frame, ImageParts.Size size, int every) throws IOException {
        Bytes header = Bytes.bigEndian(frame).part(16, 13);
        int depth = header.uint8(8);
        int bands = switch (header.uint8(9)) {
            case 2 -> 3;
            case 4 -> 2;
            case 6 -> 4;
            default -> 1;
        };
        boolean isView = depth == 8 && header.uint8(9) != 3;
        return reduced(size, every) * (bands * Math.max(1, depth / 8) + (isView ? 0 : 3));
    }

    private static long jpeg(byte[] frame, ImageParts.Size size, int every) throws IOException {
        Bytes file = Bytes.bigEndian(frame);
        int at = 2;
        Bytes header = file;
        int kind = 0;
        for (int marker = file.uint8(at + 1); marker != START_OF_SCAN; marker = file.uint8(at + 1)) {
            Bytes segment = file.part(at, 2L + file.uint16(at + 2));
            if (marker >= START_OF_FRAME && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC) {
                header = segment;
                kind = marker;
            }
            at += segment.length();
        }
        int bands = header.uint8(9);
        boolean severalScans = kind == PROGRESSIVE_JPEG || file.uint8(at + 4) < bands;
        long pixels = bands * reduced(size, every) + (bands == 4 ? 3 * reduced(size, every) : 0);
        if (kind == LOSSLESS_JPEG) {
            return pixels + (long) Integer.BYTES * bands * size.pixels();
        }
        return pixels + (severalScans ? coefficients(header, size, bands) : 0);
    }

    /** What a JPEG of several scans is decoded into before its pixels. */
    private static long coefficients(Bytes frame, ImageParts.Size size, int bands) throws IOException {
        int mostAcross = 1;
        int mostDown = 1;
        for (int i = 0; i < bands; i++) {
            mostAcross = Math.max(mostAcross, frame.uint8(11 + 3 * i) >> 4);
            mostDown = Math.max(mostDown, frame.uint8(11 + 3 * i) & 15);
        }
        long unitsAcross = (size.width() + (long) BLOCK * mostAcross - 1) / (BLOCK * mostAcross);
        long unitsDown = (size.height() + (long) BLOCK * mostDown - 1) / (BLOCK * mostDown);
        long blocks = 0;
        for (int i = 0; i < bands; i++) {
            blocks += unitsAcross * unitsDown * (frame.uint8(11 + 3 * i) >> 4) * (frame.uint8(11 + 3 * i) & 15);
        }
        return blocks * BLOCK * BLOCK * COEFFICIENT_BYTES;
    }
}
