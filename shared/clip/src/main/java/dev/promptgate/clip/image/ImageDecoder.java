package dev.promptgate.clip.image;

import com.drew.imaging.ImageMetadataReader;
import com.drew.imaging.ImageProcessingException;
import com.drew.metadata.MetadataException;
import com.drew.metadata.exif.ExifIFD0Directory;
import dev.promptgate.clip.failure.FirstLine;
import dev.promptgate.clip.image.ImageRejectedException.Fault;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** From file bytes to an upright RGB image, through ImageIO and its TwelveMonkeys plug-ins. Thread-safe. */
final class ImageDecoder {
    static {
        ImageIO.setUseCache(false);
    }

    private ImageDecoder() {}

    static RgbImage decode(byte[] file, ImageLimits limits) throws ImageRejectedException {
        return decode(file, limits, Integer.MAX_VALUE);
    }

    /**
     * The same, of a large image only every n-th pixel of every n-th row.
     *
     * @param side that the longer side of the result has at least, if the image has
     */
    static RgbImage decode(byte[] file, ImageLimits limits, int side) throws ImageRejectedException {
        if (file.length == 0) {
            throw new ImageRejectedException(Fault.EMPTY, "The image is empty; send the file's bytes as the value");
        }
        if (file.length > limits.maxBytes()) {
            throw new ImageRejectedException(Fault.TOO_MANY_BYTES,
                    "The image file is larger than the limit; shrink it or raise the limit"
                            + " [bytes: %d, limit: %d]".formatted(file.length, limits.maxBytes()));
        }
        try (ImageInputStream stream = new ByteImageStream(file)) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
            if (!readers.hasNext()) {
                throw new ImageRejectedException(Fault.NOT_AN_IMAGE,
                        "The bytes are no image; send JPEG, PNG, GIF, BMP or WebP [bytes: " + file.length + "]");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(stream, true, true);
                return read(reader, file, limits, side).upright(orientation(file));
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException e) {
            // Plug-ins throw all sorts of runtime exceptions on damaged files; this is the one place where they end.
            throw undecodable(file, e);
        }
    }

    private static RgbImage read(ImageReader reader, byte[] file, ImageLimits limits, int side) throws IOException, ImageRejectedException {
        long pixels = Math.max((long) reader.getWidth(0) * reader.getHeight(0), WebpChunks.isWebp(file) ? WebpChunks.mostPixels(file) : 0);
        if (pixels > limits.maxPixels()) {
            throw new ImageRejectedException(Fault.TOO_MANY_PIXELS,
                    "The image has more pixels than the limit; shrink it or raise the limit"
                            + " [width: %d, height: %d, pixels: %d, limit: %d]".formatted(reader.getWidth(0), reader.getHeight(0), pixels,
                                    limits.maxPixels()));
        }
        if (endsEarly(file)) {
            throw new ImageRejectedException(Fault.TRUNCATED, "The image file ends early; send it whole [bytes: " + file.length + "]");
        }
        int every = Math.max(reader.getWidth(0), reader.getHeight(0)) / side;
        BufferedImage image = every <= 1 ? reader.read(0) : reader.read(0, sampled(reader, every));
        return RgbImage.of(image);
    }

    /** Whether a JPEG or PNG stops before its end marker: stock decoders fill such images with grey instead of failing. */
    private static boolean endsEarly(byte[] file) {
        String bytes = new String(file, StandardCharsets.ISO_8859_1);
        return bytes.startsWith("\u00FF\u00D8") ? !jpegEnds(bytes) : bytes.startsWith("\u0089PNG") && !bytes.contains("IEND");
    }

    /** Whether an end-of-image marker follows the first start of scan; before it, thumbnails carry markers of their own. */
    private static boolean jpegEnds(String bytes) {
        int at = 2;
        while (at + 4 <= bytes.length() && bytes.charAt(at) == 0xFF) {
            int marker = bytes.charAt(at + 1);
            if (marker == 0xFF) {
                at++; // fill byte
            } else if (marker == 0xDA) {
                return bytes.lastIndexOf("\u00FF\u00D9") > at;
            } else {
                at += 2 + (bytes.charAt(at + 2) << 8 | bytes.charAt(at + 3));
            }
        }
        return false;
    }

    private static ImageReadParam sampled(ImageReader reader, int every) throws IOException {
        ImageReadParam param = reader.getDefaultReadParam();
        param.setSourceSubsampling(Math.min(every, reader.getWidth(0)), Math.min(every, reader.getHeight(0)), 0, 0);
        return param;
    }

    private static ImageRejectedException undecodable(byte[] file, Exception e) {
        boolean early = e instanceof EOFException || e.getCause() instanceof EOFException
                || String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("end of");
        String what = early ? "The image file ends early; send it whole" : "The image is damaged or of an unsupported kind; save it again";
        return new ImageRejectedException(early ? Fault.TRUNCATED : Fault.UNDECODABLE,
                "%s [bytes: %d, cause: %s]".formatted(what, file.length, FirstLine.of(e)), e);
    }

    private static int orientation(byte[] file) {
        if (WebpChunks.isWebp(file) && !WebpChunks.fit(file)) {
            return 1;
        }
        try {
            ExifIFD0Directory exif = ImageMetadataReader.readMetadata(new ByteArrayInputStream(file), file.length)
                    .getFirstDirectoryOfType(ExifIFD0Directory.class);
            return exif != null && exif.containsTag(ExifIFD0Directory.TAG_ORIENTATION) ? exif.getInt(ExifIFD0Directory.TAG_ORIENTATION) : 1;
        } catch (ImageProcessingException | IOException | MetadataException e) {
            return 1; // metadata that cannot be read leaves the image as it is, as in Pillow
        }
    }
}
