package dev.promptgate.clip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.promptgate.clip.weights.TensorFile;
import java.nio.file.Path;
import java.util.Arrays;

/** Tensors that other people's code computed, in a file of safetensors. */
record GoldenTensors(Path path) {
    float[] floats(String name) {
        try (TensorFile file = TensorFile.open(path);
                NDManager manager = NDManager.newBaseManager("PyTorch");
                NDArray array = file.float32(manager, name)) {
            return array.toFloatArray();
        }
    }

    float[][] rows(String name) {
        try (TensorFile file = TensorFile.open(path)) {
            float[] flat = floats(name);
            int rows = (int) file.shape(name).get(0);
            float[][] matrix = new float[rows][];
            for (int i = 0; i < rows; i++) {
                matrix[i] = Arrays.copyOfRange(flat, i * flat.length / rows, (i + 1) * flat.length / rows);
            }
            return matrix;
        }
    }

    /** Padded rows of token ids cut after their first EOS. */
    int[][] tokenIds(String name, int eos) {
        float[][] padded = rows(name);
        int[][] ids = new int[padded.length][];
        for (int i = 0; i < ids.length; i++) {
            int length = 0;
            while ((int) padded[i][length] != eos) {
                length++;
            }
            ids[i] = new int[length + 1];
            for (int t = 0; t <= length; t++) {
                ids[i][t] = (int) padded[i][t];
            }
        }
        return ids;
    }
}
