package dev.promptgate.clip.image.format;

import dev.promptgate.clip.image.format.BmpHeader.Compression;
import java.io.IOException;
import javax.imageio.IIOException;

/**
 * The pixels of a BMP file as Pillow reads them. ImageIO's readers double green of 5-6-5 bits and refuse headers that are in use. Files
 * must have been within the limits of pixels before.
 */
public final class BmpPixels {
    private static final int COLORS = 256;
    private static final int MOST = 255;
    private static final long[] FIVE_BITS = {0x7C00, 0x3E0, 0x1F};
    private static final long[] EIGHT_BITS = {0xFF0000, 0xFF00, 0xFF};

    private final Bytes file;
    private final BmpHeader header;
    private final int width;
    private final int height;
    private final byte[] rgb;

    private BmpPixels(byte[] file) throws IOException {
        this.file = Bytes.littleEndian(file);
        header = BmpHeader.of(this.file);
        width = header.size().width();
        height = header.size().height();
        rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
    }

    static ImageParts parts(byte[] file) throws IOException {
        return ImageParts.whole(file, BmpHeader.of(Bytes.littleEndian(file)).size(), ExifOrientation.UPRIGHT);
    }

    /**
     * Interleaved RGB, [height · width · 3].
     *
     * @throws java.io.EOFException if the file ends early
     * @throws IOException if it is damaged, or of a kind that would not be decoded rightly
     */
    public static byte[] rgb(byte[] file) throws IOException {
        BmpPixels pixels = new BmpPixels(file);
        pixels.fill();
        return pixels.rgb;
    }

    private void fill() throws IOException {
        long at = header.pixelsAt(file);
        if (header.compression() == Compression.RUNS_OF_BYTES || header.compression() == Compression.RUNS_OF_NIBBLES) {
            Bytes runs = file.part((int) Math.min(at, Integer.MAX_VALUE), file.length() - at);
            byte[] indices = new BmpRuns(runs, header).indices();
            byte[] table = table();
            for (int i = 0; i < indices.length; i++) {
                put(table, indices[i] & MOST, i % width, i / width);
            }
            return;
        }
        long row = ((long) width * header.bits() + 31) / 32 * 4;
        file.checkHolds(at, row * height);
        if (header.bits() <= 8) {
            fromTable((int) at, (int) row);
        } else {
            fromFields((int) at, (int) row);
        }
    }

    private void fromTable(int at, int row) throws IOException {
        byte[] table = table();
        int bits = header.bits();
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int bit = x * bits;
                int index = file.uint8(at + y * row + bit / 8) >> 8 - bits - bit % 8 & (1 << bits) - 1;
                put(table, index, x, y);
            }
        }
    }

    private void put(byte[] table, int index, int x, int y) {
        System.arraycopy(table, 3 * index, rgb, at(x, y), 3);
    }

    /** Of the pixel in the y-th row of the file. */
    private int at(int x, int y) {
        return 3 * ((header.down() ? y : height - 1 - y) * width + x);
    }

    /** Red, green and blue of each number; those beyond the file's own table are black, or greys if that holds nothing else. */
    private byte[] table() throws IOException {
        int colors = (int) Math.min(COLORS, header.colors());
        Bytes entries = file.part(header.tableAt(), (long) colors * header.entryBytes());
        byte[] table = new byte[3 * COLORS];
        boolean greys = true;
        for (int i = 0; i < 3 * colors; i++) {
            table[i] = (byte) entries.uint8(i / 3 * header.entryBytes() + 2 - i % 3);
            greys &= (table[i] & MOST) == i / 3;
        }
        for (int i = 3 * colors; greys && i < table.length; i++) {
            table[i] = (byte) (i / 3);
        }
        return table;
    }

    private void fromFields(int at, int row) throws IOException {
        int bytes = header.bits() / 8;
        Field[] fields = fields();
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int from = at + y * row + x * bytes;
                long value = bytes == 2 ? file.uint16(from) : bytes == 3 ? file.uint24(from) : file.uint32(from);
                for (int c = 0; c < 3; c++) {
                    rgb[at(x, y) + c] = fields[c].level(value);
                }
            }
        }
    }

    private Field[] fields() throws IOException {
        long[] masks = header.bits() == 16 ? FIVE_BITS : EIGHT_BITS;
        if (header.compression() == Compression.FIELDS) {
            long[] own = {file.uint32(BmpHeader.FIELDS_AT), file.uint32(BmpHeader.FIELDS_AT + 4), file.uint32(BmpHeader.FIELDS_AT + 8)};
            masks = header.bits() == 32 && (own[0] | own[1] | own[2]) == 0 ? EIGHT_BITS : own;
        }
        return new Field[] {Field.of(masks[0]), Field.of(masks[1]), Field.of(masks[2])};
    }

    /** The bits of a pixel that hold one colour. */
    private record Field(long mask, int shift, int bits) {
        static Field of(long mask) throws IIOException {
            int shift = Long.numberOfTrailingZeros(mask);
            int bits = Long.bitCount(mask);
            if (mask == 0 || mask >> shift != (1L << bits) - 1) {
                throw new IIOException("The bits of a colour do not lie side by side [mask: %X]".formatted(mask));
            }
            return new Field(mask, shift, bits);
        }

        byte level(long pixel) {
            long value = (pixel & mask) >> shift;
            return (byte) (bits >= 8 ? value >> bits - 8 : value * MOST / ((1 << bits) - 1));
        }
    }
}
