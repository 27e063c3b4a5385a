package dev.promptgate.experiments.method.probe;

import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleToIntFunction;

/** The search for C, the inverse strength of the regularisation, of CoOp's few-shot linear probe (lpclip/linear_probe.py). */
final class InverseStrengthSearch {
    /** Powers of ten, in the authors' order: of equally good ones the weakest regularisation is taken. */
    private static final int[] EXPONENTS = {6, 4, 2, 0, -2, -4, -6};
    private static final int STEPS = 8;

    private InverseStrengthSearch() {}

    /** @param correct how many held-out shots a C answers right */
    static double best(DoubleToIntFunction correct) {
        Map<Double, Integer> known = new HashMap<>();
        DoubleToIntFunction at = exponent -> known.computeIfAbsent(exponent, e -> correct.applyAsInt(Math.pow(10, e)));
        double peak = EXPONENTS[0];
        for (int exponent : EXPONENTS) {
            peak = at.applyAsInt(exponent) > at.applyAsInt(peak) ? exponent : peak;
        }
        double left = peak - 1;
        double right = peak + 1;
        double best = peak;
        for (int step = 0; step < STEPS; step++) {
            double middle = (left + right) / 2;
            if (at.applyAsInt(left) < at.applyAsInt(right)) {
                best = right;
                left = middle;
            } else {
                best = left;
                right = middle;
            }
        }
        return Math.pow(10, best);
    }
}
