package dev.promptgate.experiments.method.head;

import dev.promptgate.experiments.method.FewShotLearner.Classifier;
import java.util.List;
import org.ejml.data.DMatrixRMaj;

/** Names the class with the greatest logit; of equal ones the first. */
public interface LogitClassifier extends Classifier {
    /** The logits [images][classes] of images [images][dim], L2-normalised; −∞ for a class that this classifier cannot name. */
    DMatrixRMaj logits(DMatrixRMaj images, List<String> classes);

    @Override
    default int[] classify(float[][] images, List<String> classes) {
        return best(logits(LabelledFeatures.matrix(images), classes));
    }

    /** The column with the greatest number of each row; −1 where all are −∞. */
    static int[] best(DMatrixRMaj logits) {
        int[] best = new int[logits.numRows];
        for (int i = 0; i < best.length; i++) {
            best[i] = -1;
            double highest = Double.NEGATIVE_INFINITY;
            for (int c = 0; c < logits.numCols; c++) {
                if (logits.unsafe_get(i, c) > highest) {
                    highest = logits.unsafe_get(i, c);
                    best[i] = c;
                }
            }
        }
        return best;
    }
}
