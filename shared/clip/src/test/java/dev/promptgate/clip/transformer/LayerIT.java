package dev.promptgate.clip.transformer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.promptgate.clip.config.ClipConfig.Activation;
import dev.promptgate.clip.config.ClipConfig.TowerShape;
import dev.promptgate.clip.digest.Fingerprint;
import dev.promptgate.clip.weights.LoadedWeights;
import dev.promptgate.clip.weights.WeightSource;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A layer whose attention adds nothing: x + 2·act(LN x), against the definition of each activation in double precision. */
class LayerIT {
    private static final int WIDTH = 8;
    private static final float[] X = {-3, -1.5f, -0.4f, -0.1f, 0.2f, 0.7f, 1.4f, 2.7f};
    private static final double STEP = 1e-5;
    private static final Map<Activation, DoubleUnaryOperator> DEFINITIONS = Map.of(
            Activation.QUICK_GELU, x -> x / (1 + Math.exp(-1.702 * x)),
            Activation.GELU, x -> x / 2 * (1 + erf(x / Math.sqrt(2))),
            Activation.TANH_GELU, x -> x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))));

    @ParameterizedTest
    @EnumSource(Activation.class)
    void valuesAndGradientAreThoseOfTheDefinition(Activation activation) {
        try (NDManager root = NDManager.newBaseManager("PyTorch"); Identity weights = new Identity()) {
            Layer layer = Layer.all(new LoadedWeights(weights, root, DataType.FLOAT32, new Fingerprint("test")), "text_model",
                    new TowerShape(WIDTH, WIDTH, 1, 1, activation, 1e-5f)).get(0);
            try (NDManager pass = root.newSubManager(); GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                NDArray x = pass.create(X, new Shape(1, WIDTH)).duplicate();
                x.setRequiresGradient(true);
                NDArray y = layer.finish(x, pass.zeros(new Shape(1, WIDTH)));
                NDArray direction = pass.arange(WIDTH).toType(DataType.FLOAT32, false).duplicate();
                collector.backward(y.mul(direction).sum());
                double[] expected = layer(DEFINITIONS.get(activation), X, 0, 0);
                float[] gradient = x.getGradient().toFloatArray();
                for (int i = 0; i < WIDTH; i++) {
                    assertEquals(expected[i], y.toFloatArray()[i], 1e-5, "value " + i);
                    double[] up = layer(DEFINITIONS.get(activation), X, i, STEP);
                    double[] down = layer(DEFINITIONS.get(activation), X, i, -STEP);
                    double slope = 0;
                    for (int j = 0; j < WIDTH; j++) {
                        slope += j * (up[j] - down[j]) / (2 * STEP);
                    }
                    assertEquals(slope, gradient[i], 1e-4, "gradient " + i);
                }
            }
        }
    }

    /** x + 2·act(LN x), element by element, with {@code nudge} added to one element of x. */
    private static double[] layer(DoubleUnaryOperator activation, float[] x, int nudged, double nudge) {
        double[] y = new double[x.length];
        double mean = 0;
        for (int i = 0; i < x.length; i++) {
            y[i] = x[i] + (i == nudged ? nudge : 0);
            mean += y[i] / x.length;
        }
        double variance = 0;
        for (double value : y) {
            variance += (value - mean) * (value - mean) / y.length;
        }
        for (int i = 0; i < y.length; i++) {
            y[i] += 2 * activation.applyAsDouble((y[i] - mean) / Math.sqrt(variance + 1e-5));
        }
        return y;
    }

    /** 2/√π ∫ exp(−t²) from 0 to x, by Simpson's rule. */
    private static double erf(double x) {
        int intervals = 1000;
        double sum = 0;
        for (int i = 0; i <= intervals; i++) {
            double t = x * i / intervals;
            sum += Math.exp(-t * t) * (i == 0 || i == intervals ? 1 : i % 2 == 0 ? 2 : 4);
        }
        return 2 / Math.sqrt(Math.PI) * sum * x / intervals / 3;
    }

    /** Weights that leave everything as it is, but for fc2, which doubles, and the attention's, which are 0. */
    private static final class Identity implements WeightSource {
        @Override
        public NDArray tensor(NDManager manager, String name, Shape shape) {
            if (name.contains("self_attn") || name.endsWith("bias")) {
                return manager.zeros(shape);
            }
            return shape.dimension() == 1 ? manager.ones(shape) : manager.eye(WIDTH).mul(name.contains("fc2") ? 2 : 1);
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
