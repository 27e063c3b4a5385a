package dev.promptgate.clip.transformer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.promptgate.clip.config.ClipConfig.Activation;
import dev.promptgate.clip.config.ClipConfig.TowerShape;
import dev.promptgate.clip.config.ClipConfig.VisionShape;
import dev.promptgate.clip.digest.Fingerprint;
import dev.promptgate.clip.weights.LoadedWeights;
import dev.promptgate.clip.weights.WeightSource;
import org.junit.jupiter.api.Test;

class ImageTowerIT {
    @Test
    void aDeeperTowerLeavesNoMoreBehindInAPass() {
        assertEquals(arraysLeft(2), arraysLeft(12));
    }

    /** Arrays that a pass over a tower of so many layers holds at its end, the weights not counted. */
    private static int arraysLeft(int layers) {
        try (NDManager root = NDManager.newBaseManager("PyTorch"); Noise weights = new Noise()) {
            ImageTower tower = new ImageTower(new VisionShape(new TowerShape(16, 32, layers, 2, Activation.QUICK_GELU, 1e-5f), 16, 8), 8,
                    new LoadedWeights(weights, root, DataType.FLOAT32, new Fingerprint("test")));
            try (NDManager pass = root.newSubManager()) {
                NDArray pixels = pass.zeros(new Shape(2, 3, 16, 16));
                tower.features(pixels);
                return pass.getManagedArrays().size();
            }
        }
    }

    private static final class Noise implements WeightSource {
        @Override
        public NDArray tensor(NDManager manager, String name, Shape shape) {
            return manager.randomNormal(shape);
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
