package dev.promptgate.clip.image.format;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/** The formats of image files that are accepted, told by the bytes that they begin with. */
public enum ImageFormat {
    JPEG {
        @Override
        boolean begins(Bytes file) {
            return file.has(0, "\u00FF\u00D8\u00FF");
        }

        @Override
        public ImageParts parts(byte[] file) throws IOException {
            return JpegSegments.parts(file);
        }
    },
    PNG {
        @Override
        boolean begins(Bytes file) {
            return file.has(0, PngChunks.SIGNATURE);
        }

        @Override
        public ImageParts parts(byte[] file) throws IOException {
            return PngChunks.parts(file);
        }
    },
    GIF {
        @Override
        boolean begins(Bytes file) {
            return file.has(0, "GIF87a") || file.has(0, "GIF89a");
        }

        @Override
        public ImageParts parts(byte[] file) throws IOException {
            return GifBlocks.parts(file);
        }
    },
    BMP {
        @Override
        boolean begins(Bytes file) {
            return file.has(0, "BM") && file.has(15, "\0\0\0"); // a second header of fewer than 256 bytes; two letters alone begin texts,
                                                                // too
        }

        @Override
        public ImageParts parts(byte[] file) throws IOException {
            return BmpPixels.parts(file);
        }
    },
    WEBP {
        @Override
        boolean begins(Bytes file) {
            return file.has(0, "RIFF") && file.has(8, "WEBP");
        }

        @Override
        public ImageParts parts(byte[] file) throws IOException {
            return WebpChunks.parts(file);
        }
    };

    public static Optional<ImageFormat> of(byte[] file) {
        Bytes bytes = Bytes.bigEndian(file);
        return Arrays.stream(values()).filter(format -> format.begins(bytes)).findFirst();
    }

    abstract boolean begins(Bytes file);

    /**
     * The file taken apart. No more memory is taken than the file has.
     *
     * @throws java.io.EOFException if the file ends early
     * @throws IOException if it is damaged, or of a kind that would not be decoded rightly
     */
    public abstract ImageParts parts(byte[] file) throws IOException;
}
