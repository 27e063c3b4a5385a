package dev.promptgate.learning.step;

import dev.promptgate.learning.loss.LossGradient;
import dev.promptgate.learning.loss.Objective;
import dev.promptgate.learning.loss.Vectors;

/** The SAM family's two gradients: the plain one, g, at the parameters, and the sharpness-aware one, s, at a point of the ρ-ball. */
record TwoGradients(LossGradient plain, LossGradient sharp) {
    private static final double TINY = 1e-12;

    /** s at the parameters + ρ · g / (‖g‖ + 1e-12), the worst point to first order (SAM, arXiv 2010.01412, equation 2). */
    static TwoGradients at(float[] parameters, Objective objective, double rho) {
        LossGradient plain = objective.at(parameters).checked("loss");
        return at(parameters, objective, plain, plain.gradient(), toRadius(rho, plain.gradient()));
    }

    /** What makes a vector as long as the radius: ρ / (‖v‖ + 1e-12). */
    static double toRadius(double rho, float[] vector) {
        return rho / (Vectors.norm(vector) + TINY);
    }

    /** s at the parameters + factor · ascent. */
    static TwoGradients at(float[] parameters, Objective objective, LossGradient plain, float[] ascent, double factor) {
        return new TwoGradients(plain, objective.at(Vectors.plus(parameters, factor, ascent)).checked("perturbed loss"));
    }

    float[] g() {
        return plain.gradient();
    }

    float[] s() {
        return sharp.gradient();
    }

    float[] mix(double alpha) {
        return Vectors.plus(Vectors.times(s(), alpha), 1 - alpha, g());
    }

    /** The projection (s·ẑ)ẑ, where z = s + g. */
    float[] onBisector() {
        float[] z = Vectors.plus(s(), 1, g());
        double norm = Vectors.norm(z) + TINY;
        return Vectors.times(z, Vectors.dot(s(), z) / (norm * norm));
    }

    double cosine() {
        return Vectors.dot(s(), g()) / (Vectors.norm(s()) * Vectors.norm(g()) + TINY);
    }

    StepRule.Proposal proposal(float[] direction, Branch branch) {
        return new StepRule.Proposal(direction, new StepReport(plain.loss(), sharp.loss(), cosine(), branch));
    }
}
