package dev.promptgate.clip.image.format;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;

/** The formats of image files that are accepted, told by the bytes that they begin with. */
public enum ImageFormat {
    JPEG(file -> file.has(0, "\u00FF\u00D8\u00FF"), JpegSegments::parts),
    PNG(file -> file.has(0, PngChunks.SIGNATURE), PngChunks::parts),
    GIF(file -> file.has(0, "GIF87a") || file.has(0, "GIF89a"), GifBlocks::parts),
    /** Told by a second header of fewer than 256 bytes, too, since two letters alone begin texts. */
    BMP(file -> file.has(0, "BM") && file.has(15, "\0\0\0"), BmpPixels::parts),
    WEBP(file -> file.has(0, "RIFF") && file.has(8, "WEBP"), WebpChunks::parts);

    @FunctionalInterface
    private interface Dissection {
        ImageParts parts(byte[] file) throws IOException;
    }

    private final Predicate<Bytes> begins;
    private final Dissection dissection;

    ImageFormat(Predicate<Bytes> begins, Dissection dissection) {
        this.begins = begins;
        this.dissection = dissection;
    }

    public static Optional<ImageFormat> of(byte[] file) {
        Bytes bytes = Bytes.bigEndian(file);
        return Arrays.stream(values()).filter(format -> format.begins.test(bytes)).findFirst();
    }

    /**
     * The file taken apart. No more memory is taken than the file has.
     *
     * @throws java.io.EOFException if the file ends early
     * @throws IOException if it is damaged, or of a kind that would not be decoded rightly
     */
    public ImageParts parts(byte[] file) throws IOException {
        return dissection.parts(file);
    }
}
