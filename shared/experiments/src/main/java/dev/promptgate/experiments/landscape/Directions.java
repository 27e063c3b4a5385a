package dev.promptgate.experiments.landscape;

import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.RealVector;

/** Displacements from a solution, in double: the solution itself is float, and rounds only once, where it is displaced. */
final class Directions {
    private Directions() {}

    static RealVector random(int size, Random random) {
        RealVector direction;
        do {
            direction = new ArrayRealVector(DoubleStream.generate(random::nextGaussian).limit(size).toArray());
        } while (direction.getNorm() == 0);
        return ofLength(1, direction);
    }

    static float[] displaced(float[] at, double factor, RealVector direction) {
        float[] there = new float[at.length];
        for (int i = 0; i < at.length; i++) {
            there[i] = (float) (at[i] + factor * direction.getEntry(i));
        }
        return there;
    }

    /** Scaled to a length; zero stays zero. */
    static RealVector ofLength(double length, RealVector direction) {
        double norm = direction.getNorm();
        return direction.mapMultiply(norm == 0 ? 0 : length / norm);
    }

    static RealVector widened(float[] values) {
        return new ArrayRealVector(IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray());
    }
}
