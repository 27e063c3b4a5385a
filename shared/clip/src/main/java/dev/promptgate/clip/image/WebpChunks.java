package dev.promptgate.clip.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What the chunks of a WebP file claim (WebP container specification; RFC 9649), since others believe it: the canvas in the header says one
 * size, each frame another; and a chunk may claim to be longer than the file, whereupon a reader reserves the memory first and looks then.
 */
final class WebpChunks {
    private static final int HEADER_BYTES = 12;
    private static final int CHUNK_HEADER_BYTES = 8;
    private static final int FOURTEEN_BITS = 0x3FFF;

    private WebpChunks() {}

    static boolean isWebp(byte[] file) {
        return file.length >= HEADER_BYTES && text(file, 0).equals("RIFF") && text(file, 8).equals("WEBP");
    }

    /** Pixels of the largest frame; 0 if none can be made out. */
    static long mostPixels(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        long most = 0;
        for (long at = HEADER_BYTES; at + CHUNK_HEADER_BYTES <= file.length;) {
            int chunk = (int) at;
            int body = chunk + CHUNK_HEADER_BYTES;
            most = Math.max(most, pixels(text(file, chunk), bytes, body, file.length - body));
            long size = Integer.toUnsignedLong(bytes.getInt(chunk + 4));
            at = body + size + (size & 1);
        }
        return most;
    }

    /** Whether every chunk ends within the file. */
    static boolean fit(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        long at = HEADER_BYTES;
        while (at + CHUNK_HEADER_BYTES <= file.length) {
            long size = Integer.toUnsignedLong(bytes.getInt((int) at + 4));
            at += CHUNK_HEADER_BYTES + size + (size & 1);
        }
        return at <= file.length + 1L; // some writers leave the last padding byte out
    }

    private static long pixels(String kind, ByteBuffer bytes, int body, int available) {
        if (kind.equals("VP8L") && available >= 5) { // 8 bits signature, 14 bits width − 1, 14 bits height − 1
            long bits = Integer.toUnsignedLong(bytes.getInt(body + 1));
            return ((bits & FOURTEEN_BITS) + 1) * ((bits >> 14 & FOURTEEN_BITS) + 1);
        }
        if (kind.equals("VP8 ") && available >= 10) { // 3 bytes frame tag, 3 bytes start code, 14 bits each, 2 bits of scale above
            return (long) (bytes.getShort(body + 6) & FOURTEEN_BITS) * (bytes.getShort(body + 8) & FOURTEEN_BITS);
        }
        if (kind.equals("ANMF") && available >= 12) { // 24 bits each, less one, after the 24-bit coordinates
            return (long) (uint24(bytes, body + 6) + 1) * (uint24(bytes, body + 9) + 1);
        }
        return 0;
    }

    private static int uint24(ByteBuffer bytes, int at) {
        return bytes.get(at) & 0xFF | (bytes.get(at + 1) & 0xFF) << 8 | (bytes.get(at + 2) & 0xFF) << 16;
    }

    private static String text(byte[] file, int at) {
        return new String(Arrays.copyOfRange(file, at, at + 4), StandardCharsets.ISO_8859_1);
    }
}
