package dev.promptgate.evaluator.evidence;

import dev.promptgate.clip.scoring.ClassScorer;
import dev.promptgate.evaluator.evidence.HeldOutSet.HeldOutImage;
import dev.promptgate.learning.suspect.Prediction;
import dev.promptgate.learning.suspect.Suspect;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the live prompt says of the images that judge, in the joint label space, and whose labels look wrong by it. They are out of sample:
 * no prompt trains on them. While prompt and classes stay the same, new images alone are scored. Not thread-safe.
 */
public final class LivePredictions {
    private final float logitScale;
    private ClassScorer scorer;
    private Map<HeldOutImage, Prediction> known = new IdentityHashMap<>();

    public LivePredictions(float logitScale) {
        this.logitScale = logitScale;
    }

    /** The places of suspects in the space, the most suspect first; {@code live} scores with the live prompt among the space's classes. */
    public List<Suspect> suspects(ComparedImages space, ClassScorer live) {
        Map<HeldOutImage, Prediction> before = live == scorer ? known : Map.of();
        Map<HeldOutImage, Prediction> now = new IdentityHashMap<>();
        List<Prediction> predictions = new ArrayList<>();
        for (int i = 0; i < space.entries().size(); i++) {
            HeldOutImage entry = space.entries().get(i);
            Prediction predicted = before.get(entry);
            predictions.add(predicted != null ? predicted : Prediction.of(space.images()[i], space.labels()[i], live, logitScale));
            now.put(entry, predictions.get(i));
        }
        scorer = live;
        known = now;
        return Suspect.among(predictions, space.classes());
    }
}
