package dev.promptgate.clip.image.format;

import java.io.IOException;
import java.util.Set;
import javax.imageio.IIOException;

/**
 * The headers of a BMP file, Windows' and OS/2's.
 *
 * @param bits of a pixel
 * @param down whether the first row is the uppermost
 * @param colors in the table, which {@code entryBytes} each
 */
record BmpHeader(ImageParts.Size size, int bits, Compression compression, boolean down, long colors, int entryBytes, int bytes) {
    /** How pixels are stored. Those that hold files of other formats are not accepted. */
    enum Compression {
        NONE, RUNS_OF_BYTES, RUNS_OF_NIBBLES, FIELDS
    }

    static final int FILE_HEADER_BYTES = 14;
    /** Where bit fields stand, within the header or after it. */
    static final int FIELDS_AT = FILE_HEADER_BYTES + 40;
    private static final int CORE_BYTES = 12;
    private static final int OS2_BYTES = 64;
    private static final Set<Integer> SIZES = Set.of(CORE_BYTES, 40, 52, 56, OS2_BYTES, 108, 124);
    private static final Set<Integer> DEPTHS = Set.of(1, 4, 8, 16, 24, 32);

    static BmpHeader of(Bytes file) throws IOException {
        int bytes = file.uint8(FILE_HEADER_BYTES);
        if (!SIZES.contains(bytes)) {
            throw new IIOException("The header is of an unknown kind [bytes: %d]".formatted(bytes));
        }
        BmpHeader header = bytes == CORE_BYTES ? core(file) : info(file, bytes);
        if (header.size.width() < 1 || header.size.height() < 1) {
            throw new IIOException("The header announces an impossible size [size: %s]".formatted(header.size));
        }
        boolean fits = DEPTHS.contains(header.bits) && switch (header.compression) {
            case NONE -> true;
            case RUNS_OF_BYTES -> header.bits == 8;
            case RUNS_OF_NIBBLES -> header.bits == 4;
            case FIELDS -> header.bits > 8 && bytes != OS2_BYTES;
        };
        if (!fits) {
            throw new IIOException(
                    "Pixels of this kind are unknown [bits: %d, compression: %s]".formatted(header.bits, header.compression));
        }
        return header;
    }

    private static BmpHeader core(Bytes file) throws IOException {
        int bits = file.uint16(24);
        ImageParts.Size size = new ImageParts.Size(file.uint16(18), file.uint16(20));
        return new BmpHeader(size, bits, Compression.NONE, false, colors(0, bits), 3, CORE_BYTES);
    }

    private static BmpHeader info(Bytes file, int bytes) throws IOException {
        long compression = file.uint32(30);
        if (compression >= Compression.values().length) {
            throw new IIOException("The pixels are compressed in an unknown way [compression: %d]".formatted(compression));
        }
        int height = (int) file.uint32(22); // rows go down if it is negative
        ImageParts.Size size = new ImageParts.Size((int) file.uint32(18), Math.abs(height));
        int bits = file.uint16(28);
        return new BmpHeader(size, bits, Compression.values()[(int) compression], height < 0, colors(file.uint32(46), bits), 4, bytes);
    }

    private static long colors(long announced, int bits) {
        return bits > 8 ? 0 : announced == 0 ? 1L << bits : announced;
    }

    int tableAt() {
        return FILE_HEADER_BYTES + bytes + (compression == Compression.FIELDS && bytes == 40 ? 12 : 0);
    }

    /** Some files name the place where the table begins, or none. */
    long pixelsAt(Bytes file) throws IOException {
        long announced = file.uint32(10);
        return announced == 0 || announced == FILE_HEADER_BYTES + bytes && colors > 0 ? tableAt() + entryBytes * colors : announced;
    }
}
