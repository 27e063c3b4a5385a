package dev.promptgate.clip.image.format;

import java.io.EOFException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The numbers and texts in a part of a file, which is not copied; whoever reads beyond its end learns that it ends early. */
record Bytes(byte[] file, int from, int to, ByteOrder order) {
    static Bytes bigEndian(byte[] file) {
        return new Bytes(file, 0, file.length, ByteOrder.BIG_ENDIAN);
    }

    static Bytes littleEndian(byte[] file) {
        return new Bytes(file, 0, file.length, ByteOrder.LITTLE_ENDIAN);
    }

    int length() {
        return to - from;
    }

    /** The part that begins at {@code at}. */
    Bytes part(int at, long length) throws EOFException {
        checkHolds(at, length);
        return new Bytes(file, from + at, from + at + (int) length, order);
    }

    Bytes in(ByteOrder other) {
        return new Bytes(file, from, to, other);
    }

    void checkHolds(long at, long length) throws EOFException {
        if (at < 0 || length < 0 || at + length > length()) {
            throw new EOFException("The file ends within what it announces");
        }
    }

    /** Whether these characters, a byte each, are at that place. */
    boolean has(int at, String characters) {
        boolean same = at >= 0 && at + characters.length() <= length();
        for (int i = 0; same && i < characters.length(); i++) {
            same = (file[from + at + i] & 0xFF) == characters.charAt(i); // no text is made: whole files are searched by this
        }
        return same;
    }

    String text(int at, int length) {
        return new String(file, from + at, Math.min(length, length() - at), StandardCharsets.ISO_8859_1);
    }

    int uint8(int at) throws EOFException {
        return (int) uint(at, 1);
    }

    int uint16(int at) throws EOFException {
        return (int) uint(at, 2);
    }

    int uint24(int at) throws EOFException {
        return (int) uint(at, 3);
    }

    long uint32(int at) throws EOFException {
        return uint(at, 4);
    }

    private long uint(int at, int bytes) throws EOFException {
        checkHolds(at, bytes);
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = value << 8 | file[from + at + (order == ByteOrder.BIG_ENDIAN ? i : bytes - 1 - i)] & 0xFF;
        }
        return value;
    }

    byte[] copy() {
        return Arrays.copyOfRange(file, from, to);
    }
}
