package dev.promptgate.clip.image;

import dev.promptgate.clip.failure.FirstLine;
import dev.promptgate.clip.image.ImageRejectedException.Fault;
import dev.promptgate.clip.image.format.BmpPixels;
import dev.promptgate.clip.image.format.DecodeCost;
import dev.promptgate.clip.image.format.ForeignFormat;
import dev.promptgate.clip.image.format.GifPixels;
import dev.promptgate.clip.image.format.ImageFormat;
import dev.promptgate.clip.image.format.ImageParts;
import dev.promptgate.clip.image.jpeg.ScaledJpeg;
import dev.promptgate.clip.memory.DecodeMemory;
import dev.promptgate.clip.memory.DecodeMemory.BusyException;
import java.io.EOFException;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** From file bytes to an upright RGB image, as Pillow reads it: through ImageIO, its plug-ins and libwebp. Thread-safe. */
final class ImageDecoder {
    private static final DoubleBinaryOperator NO_SHRINKING = (width, height) -> 1;

    static {
        ImageIO.setUseCache(false);
    }

    private ImageDecoder() {}

    /** What is made of a decoded image while its memory is held; the image must not be kept. */
    @FunctionalInterface
    interface Use<T> {
        T of(RgbImage image) throws ImageRejectedException;
    }

    /**
     * What is wanted of a file.
     *
     * @param side that the longer side of the image has at least, if the file's has: of a larger one only every n-th pixel of every n-th
     *     row is decoded, and of JPEG and PNG no more memory is taken than for those
     * @param shrinking how many times smaller an image of a width and a height may be decoded at the most; 1 or less is none
     * @param workBytes what the use allocates, given width and height of the whole upright image
     */
    record Wish(int side, DoubleBinaryOperator shrinking, LongBinaryOperator workBytes) {
        static Wish whole(LongBinaryOperator workBytes) {
            return new Wish(Integer.MAX_VALUE, NO_SHRINKING, workBytes);
        }

        private Wish unscaled() {
            return new Wish(side, NO_SHRINKING, workBytes);
        }

        /** The largest of the scales that JPEG knows: 1, a half, a quarter or an eighth of the size. */
        private int scale(ImageParts.Size size) {
            int most = (int) Math.min(ScaledJpeg.SMALLEST_SCALE, shrinking.applyAsDouble(size.width(), size.height()));
            return Integer.highestOneBit(Math.max(1, most));
        }

        private long work(ImageParts parts, int scale) {
            int width = reduced(parts.canvas().width(), scale);
            int height = reduced(parts.canvas().height(), scale);
            return parts.isTransposed() ? workBytes.applyAsLong(height, width) : workBytes.applyAsLong(width, height);
        }

        private int every(ImageParts.Size size) {
            return Math.max(1, Math.max(size.width(), size.height()) / side);
        }
    }

    /** @param scale denominator of a JPEG's scale */
    private record Plan(ImageFormat format, int every, int scale, long bytes) {
        boolean announces(ScaledJpeg.Pixels pixels, ImageParts.Size size) {
            return pixels.width() == reduced(size.width(), scale) && pixels.height() == reduced(size.height(), scale);
        }
    }

    /**
     * Waits for memory, decodes and gives the image to its use.
     *
     * @throws ImageRejectedException whatever is wrong with the bytes, and if they need more memory than there is
     * @throws BusyException if there is none in time
     */
    static <T> T decode(byte[] file, ImageLimits limits, Wish wish, Use<T> use) throws ImageRejectedException {
        checkBytes(file, limits);
        ImageFormat format = ImageFormat.of(file).orElseThrow(() -> notAccepted(file));
        if (format == ImageFormat.WEBP) {
            LibWebp.require(); // out here: that it is missing is no fault of the image
        }
        try {
            Plan plan = plan(format, file, limits, wish);
            if (plan.scale > 1) {
                Optional<T> made = scaled(plan, file, limits, use);
                if (made.isPresent()) {
                    return made.get();
                }
                plan = plan(format, file, limits, wish.unscaled());
            }
            try (DecodeMemory.Grant all = take(plan.bytes, limits.memory())) {
                return use.of(image(plan, file, limits));
            }
        } catch (OutOfMemoryError e) { // the heap has less than was counted on; the image is let go, and others can be decoded
            throw new ImageRejectedException(Fault.OUT_OF_MEMORY,
                    "The heap is full and the image could not be decoded; raise -Xmx or lower images.decode-memory"
                            + " [bytes: %d, heap: %d]".formatted(file.length, Runtime.getRuntime().maxMemory()),
                    e);
        }
    }

    /** Nothing of a damaged file: it is left to the decoder of whole images, which judges all of them. */
    private static <T> Optional<T> scaled(Plan plan, byte[] file, ImageLimits limits, Use<T> use) throws ImageRejectedException {
        try (DecodeMemory.Grant all = take(plan.bytes, limits.memory())) {
            ImageParts parts = withinLimits(plan.format, plan.format.parts(file), limits);
            Optional<RgbImage> image = ScaledJpeg.decode(parts.frame(), plan.scale)
                    .filter(pixels -> plan.announces(pixels, parts.canvas()))
                    .map(pixels -> RgbImage.interleaved(pixels.width(), pixels.height(), pixels.rgb()).upright(parts.orientation()));
            return image.isPresent() ? Optional.of(use.of(image.get())) : Optional.empty();
        } catch (IOException e) {
            throw undecodable(file, e);
        }
    }

    private static DecodeMemory.Grant take(long bytes, DecodeMemory memory) throws ImageRejectedException {
        if (bytes > memory.bytes()) {
            throw new ImageRejectedException(Fault.OUT_OF_MEMORY,
                    "Decoding the image takes more memory than there is for all; shrink it, or raise -Xmx or images.decode-memory"
                            + " [needed: %d, limit: %d]".formatted(bytes, memory.bytes()));
        }
        return memory.take(bytes);
    }

    /** Takes the file apart and lets go of the parts again: who held them and waited for more memory could wait for ever. */
    private static Plan plan(ImageFormat format, byte[] file, ImageLimits limits, Wish wish) throws ImageRejectedException {
        try (DecodeMemory.Grant all = take(DecodeCost.ofParts(file), limits.memory())) {
            ImageParts parts = withinLimits(format, format.parts(file), limits);
            int scale = DecodeCost.isScalable(format, parts) ? wish.scale(parts.canvas()) : 1;
            int every = wish.every(parts.canvas());
            long bytes = scale > 1 ? DecodeCost.ofScaledJpeg(file, parts, scale) : DecodeCost.of(format, file, parts, every);
            return new Plan(format, every, scale, bytes + wish.work(parts, scale));
        } catch (BusyException | CancellationException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw undecodable(file, e);
        }
    }

    private static RgbImage image(Plan plan, byte[] file, ImageLimits limits) throws ImageRejectedException {
        try {
            ImageParts parts = withinLimits(plan.format, plan.format.parts(file), limits);
            return onCanvas(read(plan.format, parts, plan.every), parts, plan.every).upright(parts.orientation());
        } catch (IOException | RuntimeException e) {
            // Plug-ins throw all sorts of runtime exceptions on damaged files; this is the one place where they end.
            throw undecodable(file, e);
        }
    }

    private static int reduced(int side, int by) {
        return (side + by - 1) / by;
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
            case BMP -> RgbImage.interleaved(size.width(), size.height(), BmpPixels.rgb(parts.frame())).every(every);
            case GIF -> RgbImage.interleaved(size.width(), size.height(), GifPixels.rgb(parts.frame())).every(every);
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
            RgbImage image = RgbPixels.of(reader.read(0, param));
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
        RgbImage canvas = RgbImage.filled(reduced(parts.canvas().width(), every), reduced(parts.canvas().height(), every),
                place.background());
        return canvas.with(frame, place.left() / every, place.top() / every);
    }

    /** @throws OutOfMemoryError if the exception stems from one: ImageIO's reader of PNG hides it so */
    private static ImageRejectedException undecodable(byte[] file, Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError full) {
                throw full;
            }
        }
        boolean early = e instanceof EOFException || e.getCause() instanceof EOFException
                || String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("end of");
        String what = early ? "The image file ends early; send it whole" : "The image is damaged or of an unsupported kind; save it again";
        return new ImageRejectedException(early ? Fault.TRUNCATED : Fault.UNDECODABLE,
                "%s [bytes: %d, cause: %s]".formatted(what, file.length, FirstLine.of(e)), e);
    }
}
