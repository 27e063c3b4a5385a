package dev.promptgate.clip.image.format;

import java.io.EOFException;
import java.io.IOException;
import javax.imageio.IIOException;

/**
 * The pixels of a frame that {@link GifBlocks} has taken out of its file: LZW codes, and rows in the order of four passes. ImageIO's reader
 * mixes up the rows of low interlaced images, and leaves out what is missing without a word.
 */
public final class GifPixels {
    private static final int MOST_CODES = 4096;
    private static final int MOST_BITS = 12;
    private static final int NONE = -1;
    /** First row and distance of the rows of each pass. */
    private static final int[][] PASSES = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};
    private static final int[][] ONE_PASS = {{0, 1}};

    private final Bytes file;
    private final int width;
    private final int height;
    /** Each code's string is that of another code and one number more. */
    private final short[] before = new short[MOST_CODES];
    private final byte[] last = new byte[MOST_CODES];
    private final byte[] string = new byte[MOST_CODES];
    /** Where the next byte of codes is, and where its block ends. */
    private int at;
    private int blockEnd;
    private int held;
    private int heldBits;

    private GifPixels(byte[] frame) throws IOException {
        file = Bytes.littleEndian(frame);
        width = file.uint16(GifBlocks.FRAME_AT + 5);
        height = file.uint16(GifBlocks.FRAME_AT + 7);
        at = GifBlocks.FRAME_AT + GifBlocks.DESCRIPTOR_BYTES;
    }

    /**
     * Interleaved RGB, [height · width · 3].
     *
     * @throws EOFException if pixels are missing
     * @throws IOException if the codes are damaged
     */
    public static byte[] rgb(byte[] frame) throws IOException {
        return new GifPixels(frame).colored();
    }

    private byte[] colored() throws IOException {
        byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
        byte[] indices = indices();
        int from = 0;
        for (int[] pass : (file.uint8(GifBlocks.FRAME_AT + 9) & GifBlocks.INTERLACED) != 0 ? PASSES : ONE_PASS) {
            for (int y = pass[0]; y < height; y += pass[1]) {
                for (int x = 0; x < width; x++) {
                    System.arraycopy(file.file(), GifBlocks.SCREEN_BYTES + 3 * (indices[from++] & 0xFF), rgb, 3 * (y * width + x), 3);
                }
            }
        }
        return rgb;
    }

    /** The number of each pixel's colour, in the order of the file. */
    private byte[] indices() throws IOException {
        byte[] indices = new byte[width * height];
        int literalBits = file.uint8(at++);
        if (literalBits < 1 || literalBits > 8) {
            throw new IIOException("Codes cannot begin with this many bits [bits: %d]".formatted(literalBits));
        }
        blockEnd = at;
        int clear = 1 << literalBits;
        int codes = clear + 2;
        int bits = literalBits + 1;
        int previous = NONE;
        for (int filled = 0; filled < indices.length;) {
            int code = code(bits);
            if (code == clear + 1) {
                throw new EOFException("The pixels end early");
            }
            if (code == clear) {
                codes = clear + 2;
                bits = literalBits + 1;
                previous = NONE;
                continue;
            }
            if (code > codes || previous == NONE && code > clear || code == codes && codes == MOST_CODES) {
                throw new IIOException("There is no such code [code: %d]".formatted(code));
            }
            if (previous != NONE && codes < MOST_CODES) {
                before[codes] = (short) previous;
                last[codes] = first(code == codes ? previous : code, clear);
                codes++;
                bits = codes == 1 << bits && bits < MOST_BITS ? bits + 1 : bits;
            }
            filled += append(code, clear, indices, filled);
            previous = code;
        }
        return indices;
    }

    private byte first(int code, int clear) {
        int at = code;
        while (at >= clear) {
            at = before[at];
        }
        return (byte) at;
    }

    /** Writes a code's string, from its end to its beginning, as far as there is room. */
    private int append(int code, int clear, byte[] indices, int from) {
        int start = string.length;
        int at = code;
        for (; at >= clear; at = before[at]) {
            string[--start] = last[at];
        }
        string[--start] = (byte) at;
        int length = Math.min(string.length - start, indices.length - from);
        System.arraycopy(string, start, indices, from, length);
        return length;
    }

    private int code(int bits) throws IOException {
        while (heldBits < bits) {
            if (at == blockEnd) {
                int length = file.uint8(at++);
                if (length == 0) {
                    throw new EOFException("The pixels end early");
                }
                blockEnd = at + length;
            }
            held |= file.uint8(at++) << heldBits;
            heldBits += 8;
        }
        int code = held & (1 << bits) - 1;
        held >>>= bits;
        heldBits -= bits;
        return code;
    }
}
