package dev.promptgate.clip.image.format;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import javax.imageio.IIOException;

/**
 * The chunks of a WebP file (RFC 9649). What comes out holds the first frame's colours alone; transparency is not used. Whatever claims
 * another size than its frame has is refused, as in libwebp.
 */
final class WebpChunks {
    private static final int HEADER_BYTES = 12;
    private static final int CHUNK_HEADER_BYTES = 8;
    private static final int FRAME_HEADER_BYTES = 16;
    private static final int ANIMATED = 0x02;
    private static final int FOURTEEN_BITS = 0x3FFF;

    private ImageParts.Size canvas;
    private boolean animated;
    private ImageParts.Place place;
    private byte[] frame;
    private int orientation = ExifOrientation.UPRIGHT;

    private WebpChunks() {}

    static ImageParts parts(byte[] file) throws IOException {
        Bytes bytes = Bytes.littleEndian(file);
        long riff = bytes.uint32(4);
        WebpChunks chunks = new WebpChunks();
        chunks.read(bytes.part(HEADER_BYTES, Math.min(riff - 4, padded(bytes, riff) - HEADER_BYTES)));
        return chunks.parts();
    }

    /** Where the file ends; some writers leave the last padding byte out. */
    private static long padded(Bytes bytes, long riff) {
        return riff + 8 == bytes.length() + 1L ? bytes.length() : Long.MAX_VALUE;
    }

    private void read(Bytes chunks) throws IOException {
        for (int at = 0; at + CHUNK_HEADER_BYTES <= chunks.length();) {
            long size = chunks.uint32(at + 4);
            chunk(chunks.text(at, 4), chunks.part(at + CHUNK_HEADER_BYTES, size));
            at += (int) Math.min(Integer.MAX_VALUE - at, CHUNK_HEADER_BYTES + size + (size & 1));
        }
    }

    private void chunk(String type, Bytes body) throws IOException {
        switch (type) {
            case "VP8X" -> {
                canvas = new ImageParts.Size(body.uint24(4) + 1, body.uint24(7) + 1);
                animated = (body.uint8(0) & ANIMATED) != 0;
            }
            case "ANMF" -> animationFrame(body);
            case "VP8 ", "VP8L" -> still(type, body);
            case "EXIF" -> orientation = ExifOrientation.of(body);
            default -> {} // what only describes the image, and its transparency
        }
    }

    private void still(String type, Bytes body) throws IOException {
        if (frame == null && !animated) {
            frame = file(type, body);
            place = new ImageParts.Place(0, 0, size(type, body), 0);
        }
    }

    private void animationFrame(Bytes body) throws IOException {
        if (frame != null || !animated) {
            return;
        }
        ImageParts.Size size = new ImageParts.Size(body.uint24(6) + 1, body.uint24(9) + 1);
        WebpChunks inner = new WebpChunks();
        inner.read(body.part(FRAME_HEADER_BYTES, body.length() - (long) FRAME_HEADER_BYTES));
        if (inner.frame == null || !inner.place.size().equals(size)) {
            throw new IIOException("The first frame of the animation is not of the size that is announced [size: %s]".formatted(size));
        }
        frame = inner.frame;
        place = new ImageParts.Place(2 * body.uint24(0), 2 * body.uint24(3), size, 0);
    }

    private ImageParts parts() throws IOException {
        if (frame == null) {
            throw new IIOException("There is no frame in the file");
        }
        ImageParts.Size all = canvas == null ? place.size() : canvas;
        boolean fits = animated
                ? place.left() + (long) place.size().width() <= all.width() && place.top() + (long) place.size().height() <= all.height()
                : place.size().equals(all);
        if (!fits) {
            throw new IIOException("The frame does not fit its canvas [frame: %s, canvas: %s]".formatted(place.size(), all));
        }
        return new ImageParts(frame, all, place, orientation);
    }

    private static ImageParts.Size size(String type, Bytes body) throws IOException {
        if (type.equals("VP8L")) { // 8 bits signature, 14 bits width − 1, 14 bits height − 1
            long bits = body.uint32(1);
            return new ImageParts.Size((int) (bits & FOURTEEN_BITS) + 1, (int) (bits >> 14 & FOURTEEN_BITS) + 1);
        }
        // 3 bytes frame tag, 3 bytes start code, 14 bits each, 2 bits of scale above
        return new ImageParts.Size(body.uint16(6) & FOURTEEN_BITS, body.uint16(8) & FOURTEEN_BITS);
    }

    private static byte[] file(String type, Bytes body) {
        int padding = body.length() & 1;
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES + CHUNK_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        header.put(ascii("RIFF")).putInt(4 + CHUNK_HEADER_BYTES + body.length() + padding).put(ascii("WEBP"));
        header.put(ascii(type)).putInt(body.length());
        ByteArrayOutputStream file = new ByteArrayOutputStream(header.capacity() + body.length() + padding);
        file.writeBytes(header.array());
        file.write(body.file(), body.from(), body.length());
        file.writeBytes(new byte[padding]);
        return file.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
