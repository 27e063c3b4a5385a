package dev.promptgate.evaluator.evidence;

import dev.promptgate.clip.scoring.ClassScorer;
import dev.promptgate.learning.calibration.Calibration;
import dev.promptgate.learning.calibration.Confidences;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;

/**
 * The images of a comparison that tell how calibrated prompts are: of seen and of unseen classes at most {@value #MOST_IMAGES} each, so
 * that neither time nor memory grows with the stream. They are drawn by a hash of their ids and stand in its order, so that the same images
 * are the same sample, and the halves of a cross-fit have nothing to do with what they show.
 */
final class CalibrationSample {
    static final int MOST_IMAGES = 2_000;
    /** Logits held at once, 16 MiB: with ten thousand classes those of 419 images. */
    static final int MOST_LOGITS = 4 << 20;

    private final ComparedImages space;
    private final int[] seen;
    private final int[] unseen;

    CalibrationSample(ComparedImages space) {
        this.space = space;
        int most = Math.min(MOST_IMAGES, MOST_LOGITS / Math.max(1, space.seen()));
        seen = draw(label -> label < space.seen(), most);
        unseen = draw(label -> label >= space.seen(), MOST_IMAGES);
    }

    /** Places in the space of images with such labels. */
    private int[] draw(IntPredicate isWanted, int most) {
        long[] order = new long[space.labels().length];
        int count = 0;
        for (int i = 0; i < order.length; i++) {
            if (isWanted.test(space.labels()[i])) {
                int hash = new SplittableRandom(space.entries().get(i).image().imageId().hashCode()).nextInt();
                order[count++] = (long) hash << Integer.SIZE | i;
            }
        }
        Arrays.sort(order, 0, count);
        return Arrays.stream(order, 0, Math.min(count, most)).mapToInt(each -> (int) each).toArray();
    }

    /** Of the prompt that scores, among the seen classes; empty on fewer than {@value Calibration#LEAST_IMAGES} images of these. */
    Optional<Calibration> calibrate(ClassScorer scorer, float logitScale, double targetError) {
        if (seen.length < Calibration.LEAST_IMAGES) {
            return Optional.empty();
        }
        float[] all = new float[scorer.classes()];
        float[][] logits = Arrays.stream(seen).mapToObj(i -> amongSeen(i, scorer, logitScale, all)).toArray(float[][]::new);
        return Optional.of(Calibration.of(logits, Arrays.stream(seen).map(i -> space.labels()[i]).toArray(), temperature -> Arrays
                .stream(unseen).mapToDouble(i -> Confidences.highest(amongSeen(i, scorer, logitScale, all), temperature)).toArray(),
                targetError));
    }

    private float[] amongSeen(int image, ClassScorer scorer, float logitScale, float[] all) {
        scorer.score(space.images()[image], logitScale, all);
        return Arrays.copyOf(all, space.seen());
    }
}
