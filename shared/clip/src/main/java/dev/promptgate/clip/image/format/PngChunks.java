package dev.promptgate.clip.image.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Set;
import javax.imageio.IIOException;

/**
 * The chunks of a PNG file (W3C PNG specification). Colours depend on four of them: the others are left out, since text and profiles are
 * compressed and may become a thousand times as large; so is transparency, which is not used.
 */
final class PngChunks {
    static final String SIGNATURE = "\u0089PNG\r\n\u001A\n";
    private static final Set<String> KEPT = Set.of("IHDR", "PLTE", "IDAT", "IEND");
    // length, type and checksum
    private static final int FRAME_BYTES = 12;
    private static final int HEADER_AT = SIGNATURE.length();

    private PngChunks() {}

    static ImageParts parts(byte[] file) throws IOException {
        Bytes bytes = Bytes.bigEndian(file);
        if (!bytes.has(HEADER_AT + 4, "IHDR")) {
            throw new IIOException("The first chunk is no header");
        }
        ByteArrayOutputStream kept = new ByteArrayOutputStream(file.length);
        kept.write(file, 0, HEADER_AT);
        int orientation = ExifOrientation.UPRIGHT;
        String type = "";
        for (int at = HEADER_AT; !type.equals("IEND");) {
            Bytes chunk = bytes.part(at, bytes.uint32(at) + FRAME_BYTES);
            type = chunk.text(4, 4);
            if (KEPT.contains(type)) {
                kept.write(file, at, chunk.length());
            } else if (type.equals("eXIf")) {
                orientation = ExifOrientation.of(chunk.part(8, chunk.length() - (long) FRAME_BYTES));
            }
            at += chunk.length();
        }
        return ImageParts.whole(kept.toByteArray(), size(bytes), orientation);
    }

    private static ImageParts.Size size(Bytes bytes) throws IOException {
        long width = bytes.uint32(HEADER_AT + 8);
        long height = bytes.uint32(HEADER_AT + 12);
        if (width < 1 || height < 1 || width > Integer.MAX_VALUE || height > Integer.MAX_VALUE) {
            throw new IIOException("The header announces an impossible size [width: %d, height: %d]".formatted(width, height));
        }
        return new ImageParts.Size((int) width, (int) height);
    }
}
