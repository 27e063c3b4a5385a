package dev.promptgate.learning.optimiser;

/**
 * GCSAM's choice of direction (arXiv 2309.07866) from the plain gradient g and the sharpness-aware gradient s, by c = cos(s, g):
 * s where c ≥ β2; (s·ẑ)ẑ with z = s + g where β1 &lt; c &lt; β2; g where c ≤ β1. With β1 ≤ 0 every c below β2 is projected.
 */
record GradientConstraint(double lowerBound, double upperBound) {
    private static final double TINY = 1e-12;

    record Direction(Branch branch, double cosine, float[] values) {}

    static double cosine(float[] s, float[] g) {
        return Vectors.dot(s, g) / (Vectors.norm(s) * Vectors.norm(g) + TINY);
    }

    Direction choose(float[] s, float[] g) {
        double c = cosine(s, g);
        if (c >= upperBound) {
            return new Direction(Branch.SAM, c, s);
        }
        if (c <= lowerBound && lowerBound > 0) {
            return new Direction(Branch.ERM, c, g);
        }
        float[] z = Vectors.plus(s, 1, g);
        double norm = Vectors.norm(z) + TINY;
        return new Direction(Branch.BISECTOR, c, Vectors.times(z, Vectors.dot(s, z) / (norm * norm)));
    }
}
