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

    /** Whether a file is of the kinds of JPEG that are decoded at reduced size if that is wished. */
    public static boolean isScalable(ImageFormat format, ImageParts parts) throws IOException {
        return format == ImageFormat.JPEG && JpegSegments.Frame.of(parts.frame()).isPhotograph();
    }

    /** Of such a file: native pixels of 4 bytes and RGB ones in the heap, and a copy of the file. {@code scale} is the denominator. */
    public static long ofScaledJpeg(byte[] file, ImageParts parts, int scale) throws IOException {
        long pixels = (Integer.BYTES + 3) * reduced(parts.canvas(), scale)
                + coefficients(JpegSegments.Frame.of(parts.frame()), parts.canvas());
        return Math.max(ofParts(file), 2L * parts.frame().length + pixels + FIXED);
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

    private static long jpeg(byte[] file, ImageParts.Size size, int every) throws IOException {
        JpegSegments.Frame frame = JpegSegments.Frame.of(file);
        int bands = frame.components();
        long pixels = bands * reduced(size, every) + (bands == 4 ? 3 * reduced(size, every) : 0);
        if (frame.marker() == JpegSegments.Frame.LOSSLESS) {
            return pixels + (long) Integer.BYTES * bands * size.pixels();
        }
        return pixels + coefficients(frame, size);
    }

    /** What a JPEG of several scans is decoded into before its pixels: coefficients of all components, in whole blocks and units. */
    private static long coefficients(JpegSegments.Frame frame, ImageParts.Size size) throws IOException {
        if (!frame.hasSeveralScans()) {
            return 0;
        }
        Bytes header = frame.header();
        int mostAcross = 1;
        int mostDown = 1;
        for (int i = 0; i < frame.components(); i++) {
            mostAcross = Math.max(mostAcross, header.uint8(11 + 3 * i) >> 4);
            mostDown = Math.max(mostDown, header.uint8(11 + 3 * i) & 15);
        }
        long unitsAcross = (size.width() + (long) BLOCK * mostAcross - 1) / (BLOCK * mostAcross);
        long unitsDown = (size.height() + (long) BLOCK * mostDown - 1) / (BLOCK * mostDown);
        long blocks = 0;
        for (int i = 0; i < frame.components(); i++) {
            blocks += unitsAcross * unitsDown * (header.uint8(11 + 3 * i) >> 4) * (header.uint8(11 + 3 * i) & 15);
        }
        return blocks * BLOCK * BLOCK * COEFFICIENT_BYTES;
    }
}
