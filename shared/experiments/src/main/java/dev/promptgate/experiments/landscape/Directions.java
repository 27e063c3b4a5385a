package dev.promptgate.experiments.landscape;

import java.util.Random;

/** Displacements from a solution, in double: the solution itself is float, and rounds only once, where it is displaced. */
final class Directions {
    private Directions() {}

    static double[] random(int size, Random random) {
        double[] direction = new double[size];
        do {
            for (int i = 0; i < size; i++) {
                direction[i] = random.nextGaussian();
            }
        } while (norm(direction) == 0);
        return ofLength(1, direction);
    }

    static float[] displaced(float[] at, double factor, double[] direction) {
        float[] there = new float[at.length];
        for (int i = 0; i < at.length; i++) {
            there[i] = (float) (at[i] + factor * direction[i]);
        }
        return there;
    }

    static double[] plus(double[] a, double factor, double[] b) {
        double[] sum = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            sum[i] = a[i] + factor * b[i];
        }
        return sum;
    }

    /** Scaled to a length; zero stays zero. */
    static double[] ofLength(double length, double[] direction) {
        double norm = norm(direction);
        return plus(new double[direction.length], norm == 0 ? 0 : length / norm, direction);
    }

    static double[] widened(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    static double norm(double[] a) {
        return Math.sqrt(dot(a, a));
    }
}
