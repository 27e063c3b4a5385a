package dev.promptgate.clip.image;

import dev.promptgate.clip.failure.FirstLine;
import dev.promptgate.clip.image.ImageRejectedException.Fault;
import dev.promptgate.clip.image.format.BmpPixels;
import dev.promptgate.clip.image.format.ForeignFormat;
import dev.promptgate.clip.image.format.GifPixels;
import dev.promptgate.clip.image.format.ImageFormat;
import dev.promptgate.clip.image.format.ImageParts;
import java.io.EOFException;
import java.io.IOException;
import java.util.Locale;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** From file bytes to an upright RGB image, as Pillow reads it: through ImageIO, its plug-ins and libwebp. Thread-safe. */
final class ImageDecoder {
    static {
        ImageIO.setUseCache(false);
    }

    private ImageDecoder() {}

    static RgbImage decode(byte[] file, ImageLimits limits) throws ImageRejectedException {
        return decode(file, limits, Integer.MAX_VALUE);
    }

    /**
     * The same, of a large image only every n-th pixel of every n-th row; JPEG and PNG take no more memory than that.
     *
     * @param side that the longer side of the result has at least, if the image has
     */
    static RgbImage decode(byte[] file, ImageLimits limits, int side) throws ImageRejectedException {
        checkBytes(file, limits);
        ImageFormat format = ImageFormat.of(file).orElseThrow(() -> notAccepted(file));
        if (format == ImageFormat.WEBP) {
            LibWebp.require(); // out here: that it is missing is no fault of the image
        }
        try {
            ImageParts parts = withinLimits(format, format.parts(file), limits);
            int every = Math.max(1, Math.max(parts.canvas().width(), parts.canvas().height()) / side);
            return onCanvas(read(format, parts, every), parts, every).upright(parts.orientation());
        } catch (IOException | RuntimeException e) {
            // Plug-ins throw all sorts of runtime exceptions on damaged files; this is the one place where they end.
            throw undecodable(file, e);
        }
    }

    private static void checkBytes(byte[] file, ImageLimits limits) throws ImageRejectedException {
        if (file.length == 0) {
            throw new ImageRejectedException(Fault.EMPTY, "The image is empty; send the file's bytes as the value");
        }
        if (file.length > limits.maxBytes()) {
            throw new ImageRejectedException(Fault.TOO_MANY_BYTES,
                    "The image file is larger than the limit; shrink it or raise the limit"
                            + " [bytes: %d, limit: %d]".formatted(file.length, limits.maxBytes()));
        }
    }

    private static ImageRejectedException notAccepted(byte[] file) {
        return ForeignFormat.of(file)
                .map(name -> new ImageRejectedException(Fault.UNSUPPORTED_FORMAT,
                        "The file is %s and not accepted; save it as JPEG, PNG, GIF, BMP or WebP [bytes: %d]".formatted(name, file.length)))
                .orElseGet(() -> new ImageRejectedException(Fault.NOT_AN_IMAGE,
                        "The bytes are no image; send JPEG, PNG, GIF, BMP or WebP [bytes: " + file.length + "]"));
    }

    /** Of a GIF whose screen alone is beyond the limit the frame is taken: some programs write nonsense there, and no image fills it. */
    private static ImageParts withinLimits(ImageFormat format, ImageParts parts, ImageLimits limits)
            throws IIOException, ImageRejectedException {
        if (parts.place().size().pixels() == 0) {
            throw new IIOException("The image has no pixels");
        }
        boolean tooLarge = parts.canvas().pixels() > limits.maxPixels();
        ImageParts taken = tooLarge && format == ImageFormat.GIF ? parts.withoutCanvas() : parts;
        ImageParts.Size size = taken.canvas();
        if (size.pixels() > limits.maxPixels()) {
            throw new ImageRejectedException(Fault.TOO_MANY_PIXELS,
                    "The image has more pixels than the limit; shrink it or raise the limit"
                            + " [width: %d, height: %d, pixels: %d, limit: %d]".formatted(size.width(), size.height(), size.pixels(),
                                    limits.maxPixels()));
        }
        return taken;
    }

    private static RgbImage read(ImageFormat format, ImageParts parts, int every) throws IOException {
        ImageParts.Size size = parts.place().size();
        return switch (format) {
            case BMP -> new RgbImage(size.width(), size.height(), BmpPixels.rgb(parts.frame())).every(every);
            case GIF -> new RgbImage(size.width(), size.height(), GifPixels.rgb(parts.frame())).every(every);
            case JPEG, PNG, WEBP -> readByImageIo(format, parts.frame(), size, every);
        };
    }

    private static RgbImage readByImageIo(ImageFormat format, byte[] frame, ImageParts.Size size, int every) throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName(format.name()).next();
        try (ImageInputStream stream = new ByteImageStream(frame)) {
            reader.setInput(stream, true, true);
            if (reader.getWidth(0) != size.width() || reader.getHeight(0) != size.height()) {
                throw new IIOException("The file announces two sizes");
            }
            ImageReadParam param = reader.getDefaultReadParam();
            boolean fewer = every > 1 && format != ImageFormat.WEBP; // which libwebp does not do
            if (fewer) {
                param.setSourceSubsampling(Math.min(every, size.width()), Math.min(every, size.height()), 0, 0);
            }
            RgbImage image = RgbImage.of(reader.read(0, param));
            return fewer ? image : image.every(every);
        } finally {
            reader.dispose();
        }
    }

    private static RgbImage onCanvas(RgbImage frame, ImageParts parts, int every) {
        if (parts.frameIsAll()) {
            return frame;
        }
        ImageParts.Place place = parts.place();
        RgbImage canvas = RgbImage.filled((parts.canvas().width() + every - 1) / every, (parts.canvas().height() + every - 1) / every,
                place.background());
        return canvas.with(frame, place.left() / every, place.top() / every);
    }

    private static ImageRejectedException undecodable(byte[] file, Exception e) {
        boolean early = e instanceof EOFException || e.getCause() instanceof EOFException
                || String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("end of");
        String what = early ? "The image file ends early; send it whole" : "The image is damaged or of an unsupported kind; save it again";
        return new ImageRejectedException(early ? Fault.TRUNCATED : Fault.UNDECODABLE,
                "%s [bytes: %d, cause: %s]".formatted(what, file.length, FirstLine.of(e)), e);
    }
}
