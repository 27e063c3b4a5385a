package dev.promptgate.experiments.method.cache;

/**
 * Adam with decoupled weight decay (arXiv 1711.05101) as PyTorch has it: β1 0.9, β2 0.999, decay 0.01; ε 1e-4, Tip-Adapter's. Changes the
 * parameters in place. Not thread-safe: it holds the moments of one run.
 */
final class AdamW {
    private static final double FIRST_DECAY = 0.9;
    private static final double SECOND_DECAY = 0.999;
    private static final double WEIGHT_DECAY = 0.01;
    private static final double EPSILON = 1e-4;

    private final double[] parameters;
    private final double[] first;
    private final double[] second;
    private int steps;

    AdamW(double[] parameters) {
        this.parameters = parameters;
        first = new double[parameters.length];
        second = new double[parameters.length];
    }

    void step(double[] gradient, double learningRate) {
        steps++;
        double firstBias = 1 - Math.pow(FIRST_DECAY, steps);
        double secondBias = 1 - Math.pow(SECOND_DECAY, steps);
        for (int i = 0; i < parameters.length; i++) {
            first[i] = FIRST_DECAY * first[i] + (1 - FIRST_DECAY) * gradient[i];
            second[i] = SECOND_DECAY * second[i] + (1 - SECOND_DECAY) * gradient[i] * gradient[i];
            double scaled = first[i] / firstBias / (Math.sqrt(second[i] / secondBias) + EPSILON);
            parameters[i] = parameters[i] * (1 - learningRate * WEIGHT_DECAY) - learningRate * scaled;
        }
    }
}
