package dev.promptgate.clip.digest;

import ai.djl.ndarray.NDArray;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * SHA-256 of what determines a model's features: the configuration's text and, in the order of their names, every tensor's name, shape and
 * float32 bytes before folding. The same weights in another file layout or archive format therefore have the same fingerprint.
 */
public final class Fingerprint {
    private final Map<String, byte[]> digests = new TreeMap<>();

    /** Starts from the configuration. */
    public Fingerprint(String configuration) {
        digests.put("", Sha256.start().digest(configuration.getBytes(StandardCharsets.UTF_8)));
    }

    /** Adds a float32 tensor; the same name again changes nothing. */
    public void add(String name, NDArray array) {
        if (!digests.containsKey(name)) {
            MessageDigest digest = Sha256.start();
            digest.update(array.getShape().toString().getBytes(StandardCharsets.UTF_8));
            digest.update(array.toByteBuffer());
            digests.put(name, digest.digest());
        }
    }

    /** {@code sha256:} and 64 hexadecimal digits. */
    public String value() {
        MessageDigest all = Sha256.start();
        digests.forEach((name, digest) -> {
            all.update(name.getBytes(StandardCharsets.UTF_8));
            all.update(digest);
        });
        return "sha256:" + HexFormat.of().formatHex(all.digest());
    }
}
