package dev.promptgate.clip.textfile;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A text file as people's programs save it: UTF-8, with or without a byte order mark, or UTF-16. Whatever else it is, is refused by what it
 * looks like: read as something it is not, names would become others without a word.
 */
public final class TextFile {
    /** The file is not there, or is no text in these encodings; the message is one line. */
    public static final class UnreadableTextException extends Exception {
        private static final long serialVersionUID = 1L;

        private UnreadableTextException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private final Path file;
    private final byte[] bytes;

    private TextFile(Path file, byte[] bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    /** Its text, without byte order marks; line breaks are as they are. */
    public static String read(Path file) throws UnreadableTextException {
        return read(file, Integer.MAX_VALUE - 16); // a little below what an array takes
    }

    /** The same of a file that has a bound: a wrong path may be one of a device or an archive that has no end. */
    public static String read(Path file, int mostBytes) throws UnreadableTextException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(mostBytes + 1);
            if (bytes.length > mostBytes) {
                throw new UnreadableTextException("The file is too large; check its name [file: %s, most bytes: %d]"
                        .formatted(file, mostBytes), null);
            }
            return new TextFile(file, bytes).text();
        } catch (IOException e) {
            String why = e instanceof NoSuchFileException ? "there is no such file" : e.toString();
            throw new UnreadableTextException("The file cannot be read [file: %s, cause: %s]".formatted(file, why), e);
        }
    }

    private String text() throws UnreadableTextException {
        if (startsWith(0xFF, 0xFE, 0, 0) || startsWith(0, 0, 0xFE, 0xFF)) {
            throw refused("is UTF-32", "", null);
        }
        if (startsWith('P', 'K', 3, 4)) {
            throw refused("is a ZIP archive, as .xlsx is", "", null);
        }
        Charset encoding = utf16().orElse(StandardCharsets.UTF_8);
        String text = decoded(encoding);
        if (text.indexOf('\0') >= 0) {
            throw refused("is no text", ", line: " + line(text.substring(0, text.indexOf('\0'))), null);
        }
        return text.replaceFirst("^\uFEFF+", ""); // two, where one tool has put its own before another's
    }

    /** By the byte order mark; some programs leave it out, and the first character of a table or list is mostly of ASCII. */
    private Optional<Charset> utf16() {
        if (startsWith(0xFF, 0xFE) || bytes.length > 1 && bytes[0] != 0 && bytes[1] == 0) {
            return Optional.of(StandardCharsets.UTF_16LE);
        }
        return startsWith(0xFE, 0xFF) || bytes.length > 1 && bytes[0] == 0 && bytes[1] != 0 ? Optional.of(StandardCharsets.UTF_16BE)
                : Optional.empty();
    }

    private String decoded(Charset encoding) throws UnreadableTextException {
        try {
            return encoding.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            String before = new String(bytes, 0, wellFormed(encoding), encoding);
            String looks = encoding != StandardCharsets.UTF_8 ? "is damaged or cut off UTF-16"
                    : hasLoneHighBytes() ? "looks like Latin-1 or Windows-1252" : "is neither UTF-8 nor UTF-16";
            throw refused(looks, ", line: " + line(before), e);
        }
    }

    /** How many bytes at the beginning can be read. */
    private int wellFormed(Charset encoding) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        encoding.newDecoder().decode(in, CharBuffer.allocate(bytes.length + 1), true);
        return in.position();
    }

    /** Whether no two bytes beyond ASCII follow each other: letters with accents among others, a byte each. */
    private boolean hasLoneHighBytes() {
        for (int i = 1; i < bytes.length; i++) {
            if (bytes[i - 1] < 0 && bytes[i] < 0) {
                return false;
            }
        }
        return true;
    }

    private boolean startsWith(int... expected) {
        if (bytes.length < expected.length) {
            return false;
        }
        for (int i = 0; i < expected.length; i++) {
            if ((bytes[i] & 0xFF) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    private static long line(String before) {
        return (before + "x").lines().count();
    }

    private UnreadableTextException refused(String what, String where, Throwable cause) {
        return new UnreadableTextException("The file %s; save it as UTF-8 text [file: %s%s]".formatted(what, file, where), cause);
    }
}
