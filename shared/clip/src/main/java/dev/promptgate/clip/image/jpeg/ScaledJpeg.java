package dev.promptgate.clip.image.jpeg;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import dev.promptgate.clip.failure.FirstLine;
import dev.promptgate.clip.failure.ModelException;
import java.util.Optional;

/**
 * JPEG at a half, a quarter or an eighth of its size, by libjpeg's scaled inverse DCT ({@code scale_num/scale_denom}, as Pillow's
 * {@code Image.draft}): each pixel is the mean of a square of 2, 4 or 8, and most of the cost is the entropy decoding. Thread-safe.
 */
public final class ScaledJpeg {
    /** The largest denominator of the scale; the others are its halves. */
    public static final int SMALLEST_SCALE = 8;
    private static final int COLOR_DEPTH = 32;

    private ScaledJpeg() {}

    /** Pixels as RGB, [height · width · 3]. */
    public record Pixels(int width, int height, byte[] rgb) {}

    /**
     * Makes sure that it can be done on this machine.
     *
     * @throws ModelException if not
     */
    public static void require() {
        if (Leptonica.FAILURE != null) {
            throw new ModelException("The native library for JPEG at reduced size cannot be loaded; make room in java.io.tmpdir and let"
                    + " programs be loaded from it, or set images.jpeg-reducing-gap to 0 [java.io.tmpdir: %s, cause: %s]"
                            .formatted(System.getProperty("java.io.tmpdir"), FirstLine.of(Leptonica.FAILURE)),
                    Leptonica.FAILURE);
        }
    }

    /**
     * Decodes a sound file of grey or colours, with 8 bits a sample.
     *
     * @param scale 1, 2, 4 or 8: denominator of the scale; sizes are rounded up
     * @return nothing if the decoder refuses the file or has something to warn of
     */
    public static Optional<Pixels> decode(byte[] file, int scale) {
        IntByReference warnings = new IntByReference();
        Pointer pix = Leptonica.pixReadMemJpeg(file, file.length, 0, scale, warnings, 0);
        if (pix == null) {
            return Optional.empty();
        }
        try {
            return warnings.getValue() == 0 ? Optional.of(pixels(pix)) : Optional.empty();
        } finally {
            Leptonica.pixDestroy(new PointerByReference(pix));
        }
    }

    private static Pixels pixels(Pointer pix) {
        int width = Leptonica.pixGetWidth(pix);
        int height = Leptonica.pixGetHeight(pix);
        boolean color = Leptonica.pixGetDepth(pix) == COLOR_DEPTH;
        Pointer data = Leptonica.pixGetData(pix);
        int[] words = new int[Leptonica.pixGetWpl(pix)];
        byte[] rgb = new byte[3 * width * height];
        for (int y = 0, at = 0; y < height; y++) {
            data.read((long) y * words.length * Integer.BYTES, words, 0, words.length);
            for (int x = 0; x < width; x++) { // bytes of a word from the highest down: red, green, blue, or four greys
                int word = color ? words[x] : (words[x >> 2] >>> 8 * (3 - (x & 3)) & 0xFF) * 0x01010100;
                rgb[at++] = (byte) (word >> 24);
                rgb[at++] = (byte) (word >> 16);
                rgb[at++] = (byte) (word >> 8);
            }
        }
        return new Pixels(width, height, rgb);
    }
}
