package dev.promptgate.benchmarks.model;

import java.util.SplittableRandom;

/** Random features of unit length. */
public final class UnitVectors {
    private UnitVectors() {}

    public static float[] next(int dim, SplittableRandom random) {
        float[] values = new float[dim];
        double squares = 0;
        for (int i = 0; i < dim; i++) {
            values[i] = (float) random.nextGaussian();
            squares += values[i] * values[i];
        }
        for (int i = 0; i < dim; i++) {
            values[i] /= (float) Math.sqrt(squares);
        }
        return values;
    }
}
