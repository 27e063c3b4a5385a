package dev.promptgate.experiments.features;

import dev.promptgate.experiments.data.DataException;
import dev.promptgate.experiments.data.Names;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The features of an image set.
 *
 * @param classes in the set's order
 * @param skipped images that are in neither list
 */
public record FeatureSet(String name, List<String> classes, List<Sample> train, List<Sample> test, List<Skipped> skipped) {
    /**
     * An image that could not be used.
     *
     * @param reason one line
     */
    public record Skipped(String id, String reason) {}

    /**
     * Returns if every class still has training and test images, whatever was skipped.
     *
     * @throws DataException naming the classes that have not
     */
    public void requireWhole() throws DataException {
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
                            .formatted(part, name, Names.counted(missing), Names.counted(skipped.stream().map(Skipped::id).toList())));
        }
    }
}
