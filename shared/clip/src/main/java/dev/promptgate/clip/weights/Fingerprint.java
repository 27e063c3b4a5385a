package dev.promptgate.clip.weights;

import ai.djl.ndarray.NDArray;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.TreeMap;

/**
 * SHA-256 of what determines a model's features: the configuration's text and, in the order of their names, every tensor's name, shape
 * and float32 bytes before folding. The same weights in another file layout or archive format therefore have the same fingerprint.
 */
public final class Fingerprint {
    private final Map<String, byte[]> digests = new TreeMap<>();

    /** Starts from the configuration. */
    public Fingerprint(String configuration) {
        digests.put("", sha256().digest(configuration.getBytes(StandardCharsets.UTF_8)));
    }

    /** Adds a float32 tensor; the same name again changes nothing. */
    void add(String name, NDArray array) {
        if (!digests.containsKey(name)) {
            MessageDigest digest = sha256();
            digest.update(array.getShape().toString().getBytes(StandardCharsets.UTF_8));
            digest.update(array.toByteBuffer());
            digests.put(name, digest.digest());
        }
    }

    /** {@code sha256:} and 64 hexadecimal digits. */
    public String value() {
        MessageDigest all = sha256();
        digests.forEach((name, digest) -> {
            all.update(name.getBytes(StandardCharsets.UTF_8));
            all.update(digest);
        });
        StringBuilder text = new StringBuilder("sha256:");
        for (byte b : all.digest()) {
            text.append("%02x".formatted(b));
        }
        return text.toString();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
