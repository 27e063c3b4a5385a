package dev.promptgate.clip.image.format;

import java.io.EOFException;
import java.nio.ByteOrder;
import java.util.Set;

/**
 * The orientation in EXIF data. Nothing else of it is looked at, since a tag can claim the whole file, and thousands of them the same.
 */
final class ExifOrientation {
    /** No turn, as of images without EXIF data. */
    static final int UPRIGHT = 1;
    private static final String PREFIX = "Exif\0\0";
    private static final int ORIENTATION = 0x112;
    private static final Set<Integer> SHORTS = Set.of(3, 8);
    private static final Set<Integer> LONGS = Set.of(4, 9, 13);
    private static final int ENTRY_BYTES = 12;

    private ExifOrientation() {}

    /** Of data that cannot be read the orientation is {@link #UPRIGHT}, as in Pillow. */
    static int of(Bytes exif) {
        Bytes tiff = exif;
        try {
            while (tiff.has(0, PREFIX)) {
                tiff = tiff.part(PREFIX.length(), tiff.length() - PREFIX.length());
            }
            return tiff.has(0, "II") || tiff.has(0, "MM")
                    ? ofTiff(tiff.in(tiff.has(0, "II") ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN))
                    : UPRIGHT;
        } catch (EOFException e) {
            return UPRIGHT;
        }
    }

    private static int ofTiff(Bytes tiff) throws EOFException {
        long directory = tiff.uint32(4);
        tiff.checkHolds(directory, 2);
        int entries = tiff.uint16((int) directory);
        int orientation = UPRIGHT;
        for (long at = directory + 2; entries > 0 && at + ENTRY_BYTES <= tiff.length(); at += ENTRY_BYTES, entries--) {
            if (tiff.uint16((int) at) == ORIENTATION && tiff.uint32((int) at + 4) == 1) {
                orientation = value(tiff, tiff.uint16((int) at + 2), (int) at + 8);
            }
        }
        return orientation;
    }

    private static int value(Bytes tiff, int type, int at) throws EOFException {
        long value = SHORTS.contains(type) ? tiff.uint16(at) : LONGS.contains(type) ? tiff.uint32(at) : UPRIGHT;
        return value >= 1 && value <= 8 ? (int) value : UPRIGHT;
    }
}
