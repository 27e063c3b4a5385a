package dev.promptgate.load.plan;

import java.util.Arrays;

/**
 * Ranks by Zipf's law: rank r, from 0, has the weight (r + 1)^-s; s = 0 makes all alike. Among the first n ranks for any n, since classes
 * come one after another. Immutable.
 */
final class ZipfWeights {
    private final double[] cumulative;

    ZipfWeights(int ranks, double exponent) {
        cumulative = new double[ranks];
        double sum = 0;
        for (int rank = 0; rank < ranks; rank++) {
            sum += Math.pow(rank + 1.0, -exponent);
            cumulative[rank] = sum;
        }
    }

    /** The rank at a point of the distribution, from 0 to below 1, among the first {@code among} ranks. */
    int rank(double uniform, int among) {
        double wanted = uniform * cumulative[among - 1];
        int at = Arrays.binarySearch(cumulative, 0, among, wanted);
        return at < 0 ? Math.min(-at - 1, among - 1) : Math.min(at + 1, among - 1); // the first that is greater
    }
}
