package dev.promptgate.experiments.landscape;

import dev.promptgate.learning.loss.LossGradient;
import dev.promptgate.learning.loss.Objective;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.RealVector;

/** ½ (x − c)ᵀ A (x − c), whose Hessian A is known. */
record Quadratic(double[][] hessian, float[] minimum) implements Objective {
    static Quadratic diagonal(float[] minimum, double... eigenvalues) {
        double[][] hessian = new double[eigenvalues.length][eigenvalues.length];
        for (int i = 0; i < eigenvalues.length; i++) {
            hessian[i][i] = eigenvalues[i];
        }
        return new Quadratic(hessian, minimum);
    }

    @Override
    public LossGradient at(float[] x) {
        RealVector offset = Directions.widened(x).subtract(Directions.widened(minimum));
        float[] gradient = new float[x.length];
        double loss = 0;
        for (int i = 0; i < x.length; i++) {
            double slope = new ArrayRealVector(hessian[i]).dotProduct(offset);
            gradient[i] = (float) slope;
            loss += 0.5 * offset.getEntry(i) * slope;
        }
        return new LossGradient(loss, gradient);
    }

    LossFunction lossOnly() {
        return x -> at(x).loss();
    }
}
