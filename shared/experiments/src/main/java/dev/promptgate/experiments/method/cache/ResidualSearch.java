package dev.promptgate.experiments.method.cache;

import dev.promptgate.experiments.method.cache.CacheModel.Residual;
import dev.promptgate.experiments.method.head.LabelledFeatures;
import java.util.List;
import org.ejml.data.DMatrixRMaj;

/** The authors' grid of α and β (search_hp of Tip-Adapter's utils.py): 200 steps of β in [0.1, 7), 20 of α in [0.1, 3). */
final class ResidualSearch {
    private static final int BETAS = 200;
    private static final int ALPHAS = 20;
    private static final double LEAST = 0.1;
    private static final double BETA_STEP = (7 - LEAST) / BETAS;
    private static final double ALPHA_STEP = (3 - LEAST) / ALPHAS;

    private ResidualSearch() {}

    /** A cache, images that are not in it, and their zero-shot logits [images][classes]. */
    record Trial(CacheModel cache, LabelledFeatures held, DMatrixRMaj zeroShot) {}

    /** The point that answers most images right over all trials, the first of equal ones; the initial one if there is no trial. */
    static Residual best(List<Trial> trials) {
        int[][] correct = new int[BETAS][ALPHAS];
        trials.forEach(trial -> count(trial, correct));
        Residual best = Residual.INITIAL;
        int most = 0;
        for (int b = 0; b < BETAS; b++) {
            for (int a = 0; a < ALPHAS; a++) {
                if (correct[b][a] > most) {
                    most = correct[b][a];
                    best = new Residual(LEAST + a * ALPHA_STEP, LEAST + b * BETA_STEP);
                }
            }
        }
        return best;
    }

    /** An exponential of its own for each β would be most of the time: each is the one before times exp(−step (1 − x · k)). */
    private static void count(Trial trial, int[][] correct) {
        DMatrixRMaj affinities = trial.cache().affinities(trial.held().x(), LEAST);
        DMatrixRMaj factors = trial.cache().affinities(trial.held().x(), BETA_STEP);
        for (int[] atBeta : correct) {
            DMatrixRMaj logits = trial.cache().logits(affinities);
            for (int a = 0; a < ALPHAS; a++) {
                atBeta[a] += correct(trial, logits, LEAST + a * ALPHA_STEP);
            }
            for (int i = 0; i < affinities.data.length; i++) {
                affinities.data[i] *= factors.data[i];
            }
        }
    }

    private static int correct(Trial trial, DMatrixRMaj cached, double alpha) {
        int classes = cached.numCols;
        int correct = 0;
        for (int i = 0; i < cached.numRows; i++) {
            int best = 0;
            double highest = Double.NEGATIVE_INFINITY;
            for (int c = 0; c < classes; c++) {
                double logit = trial.zeroShot().data[i * classes + c] + alpha * cached.data[i * classes + c];
                if (logit > highest) {
                    highest = logit;
                    best = c;
                }
            }
            correct += best == trial.held().labels()[i] ? 1 : 0;
        }
        return correct;
    }
}
