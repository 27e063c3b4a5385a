package dev.promptgate.chaos;

import dev.promptgate.bundled.SampleStream;
import dev.promptgate.messaging.record.LabelledImage;
import dev.promptgate.messaging.record.Split;
import java.util.ArrayList;
import java.util.List;

/**
 * Images of which a class is renamed, two are merged and one is erased, and those that come before and after. The learner's settings go
 * with them: an update becomes due at the last image of each lot and nowhere between, so that it does not depend on time what stands before
 * a candidate.
 */
final class OperationsPlan {
    static final int MIN_SHOTS = 4;
    /** Training images behind the one that made the last class ready: 8 a class before, 8 and {@link #MORE} after. */
    static final int SETTLE_SHOTS = 64;

    private static final List<String> LABELS = SampleStream.entries().stream().map(SampleStream.Entry::label).distinct().sorted().limit(11)
            .toList();
    static final String RENAMED = LABELS.get(0);
    static final List<String> MERGED = LABELS.subList(1, 3);
    static final String ERASED = LABELS.get(3);
    private static final List<String> FIRST = LABELS.subList(0, 8);
    static final List<String> KEPT = LABELS.subList(4, 8);
    static final String LATE = LABELS.get(8);
    private static final List<String> PROBES = LABELS.subList(9, 11);

    private static final int SHOTS = 12;
    private static final int ALL_SHOTS = 16;
    private static final int JUDGING = 8;
    private static final int MORE = 56;

    private OperationsPlan() {}

    /** Images that judge, then those that train, of all classes in turn. */
    static List<LabelledImage> before() {
        List<LabelledImage> images = new ArrayList<>(rounds(FIRST, Split.HELD_OUT, JUDGING));
        images.addAll(rounds(PROBES, Split.PROBE, JUDGING));
        images.addAll(rounds(FIRST, Split.TRAIN, SHOTS));
        return images;
    }

    /** A class that is new, and classes that were there: the images known, once more, and some that are not. */
    static List<LabelledImage> after() {
        List<LabelledImage> images = new ArrayList<>(rounds(List.of(LATE), Split.HELD_OUT, JUDGING));
        images.addAll(rounds(List.of(LATE), Split.TRAIN, SHOTS));
        List<LabelledImage> again = rounds(KEPT, Split.TRAIN, ALL_SHOTS);
        images.addAll(again.subList(again.size() - MORE, again.size()));
        return images;
    }

    private static List<LabelledImage> rounds(List<String> labels, Split split, int images) {
        String folder = split == Split.TRAIN ? "train" : "held-out";
        List<LabelledImage> rounds = new ArrayList<>();
        for (int i = 0; i < images; i++) {
            for (String label : labels) {
                SampleStream.Entry entry = SampleStream.entries().stream()
                        .filter(e -> e.label().equals(label) && e.split().equals(folder)).skip(i).findFirst().orElseThrow();
                rounds.add(new LabelledImage(entry.file(), label, split, SampleStream.bytes(entry), 0));
            }
        }
        return rounds;
    }

    /** The id of an image that is erased. */
    static String erasedId() {
        return rounds(List.of(ERASED), Split.TRAIN, 1).get(0).imageId();
    }
}
