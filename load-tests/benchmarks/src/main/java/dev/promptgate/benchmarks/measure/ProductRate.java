package dev.promptgate.benchmarks.measure;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.config.ClipConfig.TowerShape;
import dev.promptgate.clip.engine.MatrixUnits;
import org.apache.commons.math3.stat.descriptive.rank.Median;

/** How fast PyTorch multiplies matrices of a tower's size here, and nothing else. Blocking. */
public final class ProductRate {
    private static final int ROWS = 1576; // eight images of ViT-B/16
    private static final int ROUNDS = 20;

    private ProductRate() {}

    /** Operations a second of [1576, width] · [width, mlp], the median of 20. */
    public static double of(ClipModel model, TowerShape tower, boolean inBfloat16) {
        double[] seconds = new double[ROUNDS];
        try (MatrixUnits.Region region = inBfloat16 ? MatrixUnits.bfloat16() : MatrixUnits.float32();
                NDManager manager = model.device().newManager()) {
            NDArray x = manager.randomNormal(new Shape(ROWS, tower.width()));
            NDArray weight = manager.randomNormal(new Shape(tower.mlpWidth(), tower.width())).transpose();
            multiply(x, weight); // warms up
            for (int i = 0; i < ROUNDS; i++) {
                long began = System.nanoTime();
                multiply(x, weight);
                seconds[i] = (System.nanoTime() - began) / 1e9;
            }
        }
        return 2.0 * ROWS * tower.width() * tower.mlpWidth() / new Median().evaluate(seconds);
    }

    private static void multiply(NDArray x, NDArray weight) {
        try (NDArray product = x.matMul(weight)) {
            product.getFloat(0, 0); // waits for it where it is computed beside
        }
    }
}
