package dev.promptgate.experiments.method.head;

import dev.promptgate.experiments.features.FeatureSet.Sample;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Cross-validation on the shots themselves, for what papers search on validation images: few shots are all that there is, and no test image
 * may be seen. Of each class every fourth shot is held out in turn. A class with a single shot is never held out, so that every class stays
 * trained.
 */
public final class Folds {
    private static final int MOST = 4;

    private Folds() {}

    /** Shots to train on, and others to choose settings by. */
    public record Fold(List<Sample> training, List<Sample> held) {}

    /** At most four folds; none if no class has more than one shot. */
    public static List<Fold> of(List<Sample> samples) {
        Map<Integer, Integer> shots = new HashMap<>();
        int[] ranks = samples.stream().mapToInt(sample -> shots.merge(sample.classIndex(), 1, Integer::sum) - 1).toArray();
        List<Fold> folds = new ArrayList<>();
        for (int fold = 0; fold < MOST; fold++) {
            Fold split = new Fold(new ArrayList<>(), new ArrayList<>());
            for (int i = 0; i < ranks.length; i++) {
                boolean held = ranks[i] % MOST == fold && shots.get(samples.get(i).classIndex()) > 1;
                (held ? split.held() : split.training()).add(samples.get(i));
            }
            if (!split.held().isEmpty()) {
                folds.add(split);
            }
        }
        return folds;
    }
}
