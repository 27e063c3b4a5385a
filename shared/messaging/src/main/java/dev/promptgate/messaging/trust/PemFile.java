package dev.promptgate.messaging.trust;

import dev.promptgate.messaging.trust.SigningKeys.UnusableKeyException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** PEM (RFC 7468): one block of base64 between two marks. The JDK has none before version 25. */
final class PemFile {
    static final String PRIVATE_KEY = "PRIVATE KEY";
    static final String PUBLIC_KEY = "PUBLIC KEY";

    private static final int LIMIT = 64 << 10;
    private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

    private PemFile() {}

    /**
     * The bytes of the file's only block.
     *
     * @param label what the block must be
     * @throws UnusableKeyException if the file is missing, unreadable, no PEM, of another label, or holds several blocks
     */
    static byte[] read(Path file, String label) {
        Matcher block = BLOCK.matcher(text(file));
        if (!block.find()) {
            throw new UnusableKeyException(
                    "This is no PEM file; a key file starts with -----BEGIN %s----- [file: %s]".formatted(label, file));
        }
        if (!block.group(1).equals(label)) {
            throw new UnusableKeyException(
                    "The key file holds another thing than a %s%s [file: %s, found: %s]".formatted(label.toLowerCase(Locale.ROOT),
                            block.group(1).startsWith("ENCRYPTED") ? "; decrypt it with: openssl pkey -in FILE -out NEW-FILE" : "", file,
                            block.group(1)));
        }
        String base64 = block.group(2).replaceAll("\\s", "");
        if (block.find()) {
            throw new UnusableKeyException("The key file holds more than one key; put each into a file of its own [file: " + file + "]");
        }
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            // Without the cause, which would quote it.
            throw new UnusableKeyException("The key file is damaged: what stands between its marks is not base64 [file: " + file + "]");
        }
    }

    static byte[] write(String label, byte[] bytes) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, base64, label).getBytes(StandardCharsets.US_ASCII);
    }

    private static String text(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(LIMIT), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new UnusableKeyException("There is no such key file; make a pair with: promptgate keys generate DIR [file: " + file + "]",
                    e);
        } catch (IOException e) {
            throw new UnusableKeyException("The key file cannot be read [file: %s, cause: %s: %s]"
                    .formatted(file, e.getClass().getSimpleName(), e.getMessage()), e);
        }
    }
}
