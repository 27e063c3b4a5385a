package dev.promptgate.experiments.method.cocoop;

import java.util.SplittableRandom;

/**
 * CoCoOp's meta-net, from an image's feature x [dim] to a shift of the context's vectors [width] (arXiv 2203.05557, section 3.2): π(x) = W2
 * · relu(W1 · x + b1) + b2, forward and backward in closed form. Stateless: its parameters {@code [W1 | b1 | W2 | b2]}, row-major, stand in
 * a longer vector.
 */
public record MetaNet(int dim, int hidden, int width) {
    private static final int REDUCTION = 16;

    /** With the paper's bottleneck, at least one unit wide. */
    public static MetaNet between(int dim, int width) {
        return new MetaNet(dim, Math.max(1, dim / REDUCTION), width);
    }

    public int size() {
        return hidden * dim + hidden + width * hidden + width;
    }

    /** Writes PyTorch's initialisation of linear layers, uniform in ±1/√(inputs), to {@code parameters} from {@code offset} on. */
    void initialise(float[] parameters, int offset, long seed) {
        SplittableRandom random = new SplittableRandom(seed).split(); // the order of the batches draws from the seed itself
        int first = hidden * dim + hidden;
        for (int i = 0; i < size(); i++) {
            double bound = 1 / Math.sqrt(i < first ? dim : hidden);
            parameters[offset + i] = (float) random.nextDouble(-bound, bound);
        }
    }

    float[] shift(float[] parameters, int offset, float[] image) {
        float[] active = active(parameters, offset, image);
        int w2 = offset + hidden * dim + hidden;
        int b2 = w2 + width * hidden;
        float[] shift = new float[width];
        for (int i = 0; i < width; i++) {
            double sum = parameters[b2 + i];
            for (int h = 0; h < hidden; h++) {
                sum += (double) parameters[w2 + i * hidden + h] * active[h];
            }
            shift[i] = (float) sum;
        }
        return shift;
    }

    /** relu(W1 · image + b1), [hidden]. */
    private float[] active(float[] parameters, int offset, float[] image) {
        int b1 = offset + hidden * dim;
        float[] active = new float[hidden];
        for (int h = 0; h < hidden; h++) {
            double sum = parameters[b1 + h];
            for (int d = 0; d < dim; d++) {
                sum += (double) parameters[offset + h * dim + d] * image[d];
            }
            active[h] = (float) Math.max(0, sum);
        }
        return active;
    }

    /** Adds ∂loss/∂parameters to {@code gradient}, which is laid out as the parameters are, given ∂loss/∂π(image) [width]. */
    void backward(float[] parameters, int offset, float[] image, float[] byShift, float[] gradient) {
        float[] active = active(parameters, offset, image);
        int b1 = offset + hidden * dim;
        int w2 = b1 + hidden;
        int b2 = w2 + width * hidden;
        double[] byActive = new double[hidden];
        for (int i = 0; i < width; i++) {
            gradient[b2 + i] += byShift[i];
            for (int h = 0; h < hidden; h++) {
                gradient[w2 + i * hidden + h] += byShift[i] * active[h];
                byActive[h] += (double) parameters[w2 + i * hidden + h] * byShift[i];
            }
        }
        for (int h = 0; h < hidden; h++) {
            if (active[h] > 0) { // the derivative of relu, 0 at 0 as PyTorch has it
                gradient[b1 + h] += (float) byActive[h];
                for (int d = 0; d < dim; d++) {
                    gradient[offset + h * dim + d] += (float) (byActive[h] * image[d]);
                }
            }
        }
    }
}
