package dev.promptgate.experiments.features;

import dev.promptgate.clip.digest.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/** Tells feature sets apart by all that a result could depend on: classes, ids, labels and every feature. */
public final class FeatureDigest {
    private FeatureDigest() {}

    /** In hexadecimal; the set's name does not count. */
    public static String of(FeatureSet set) {
        MessageDigest digest = Sha256.start();
        set.classes().forEach(name -> digest.update((name + "\n").getBytes(StandardCharsets.UTF_8)));
        update(digest, "train", set.train());
        update(digest, "test", set.test());
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void update(MessageDigest digest, String part, List<Sample> samples) {
        digest.update(part.getBytes(StandardCharsets.UTF_8));
        for (Sample sample : samples) {
            digest.update((sample.id() + "\n" + sample.classIndex() + "\n").getBytes(StandardCharsets.UTF_8));
            for (float[] view : sample.views()) {
                ByteBuffer bytes = ByteBuffer.allocate(view.length * Float.BYTES);
                bytes.asFloatBuffer().put(view);
                digest.update(bytes);
            }
        }
    }
}
