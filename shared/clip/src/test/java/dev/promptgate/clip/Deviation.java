package dev.promptgate.clip;

/** Distances between computed and expected values. */
final class Deviation {
    private Deviation() {}

    static double relativeToLargest(float[][] actual, float[][] expected) {
        double difference = 0;
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            for (int j = 0; j < expected[i].length; j++) {
                difference = Math.max(difference, Math.abs(actual[i][j] - expected[i][j]));
                largest = Math.max(largest, Math.abs(expected[i][j]));
            }
        }
        return difference / largest;
    }

    static double relativeNorm(float[] actual, float[] expected) {
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow(actual[i] - expected[i], 2);
            norm += Math.pow(expected[i], 2);
        }
        return Math.sqrt(difference / norm);
    }
}
