package dev.promptgate.experiments.features;

import dev.promptgate.clip.digest.Sha256;
import dev.promptgate.experiments.data.DataException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

/** The features of an image set, its classes in order; skipped images are in neither list. */
public record FeatureSet(String name, List<String> classes, List<Sample> train, List<Sample> test, List<Skipped> skipped) {
    /**
     * The features of one image.
     *
     * @param classIndex index into the classes of its set, or of the task that it was drawn for
     * @param views [1 + augmented views][dim], L2-normalised; the first is the image as it is. Test images have that one only
     */
    public record Sample(String id, int classIndex, float[][] views) {}

    /** An image that could not be used; the reason is one line. */
    public record Skipped(String id, String reason) {}

    /** Tells sets apart by all that a result could depend on: classes, ids, labels and every feature, but not the name; hexadecimal. */
    public String digest() {
        MessageDigest digest = Sha256.start();
        classes.forEach(name -> digest.update((name + "\n").getBytes(StandardCharsets.UTF_8)));
        update(digest, "train", train);
        update(digest, "test", test);
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

    /** @throws DataException naming the classes that are left without training or test images after damaged ones were skipped */
    void requireWhole() throws DataException {
        requireAll("training", train);
        requireAll("test", test);
    }

    private void requireAll(String part, List<Sample> samples) throws DataException {
        boolean[] present = new boolean[classes.size()];
        samples.forEach(sample -> present[sample.classIndex()] = true);
        List<String> missing = IntStream.range(0, present.length).filter(c -> !present[c]).mapToObj(classes::get).toList();
        if (!missing.isEmpty()) {
            throw new DataException(
                    "Classes are left without %s images after damaged ones were skipped; replace those [data: %s, classes: %s, skipped: %s]"
                            .formatted(part, name, DataException.counted(missing),
                                    DataException.counted(skipped.stream().map(Skipped::id).toList())));
        }
    }
}
