package dev.promptgate.clip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.weights.TensorFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One golden folder: a small random CLIP and what the paper's own code computes with it. */
record GoldenModel(Path folder, JsonNode expected) {
    static GoldenModel open(Path folder) throws IOException {
        return new GoldenModel(folder, new ObjectMapper().readTree(folder.resolve("expected.json").toFile()));
    }

    float[] floats(String name) {
        try (TensorFile file = TensorFile.open(folder.resolve("expected.safetensors"));
                NDManager manager = NDManager.newBaseManager("PyTorch");
                NDArray array = file.float32(manager, name)) {
            return array.toFloatArray();
        }
    }

    float[][] rows(String name) {
        try (TensorFile file = TensorFile.open(folder.resolve("expected.safetensors"))) {
            float[] flat = floats(name);
            int rows = (int) file.shape(name).get(0);
            float[][] matrix = new float[rows][];
            for (int i = 0; i < rows; i++) {
                matrix[i] = Arrays.copyOfRange(flat, i * flat.length / rows, (i + 1) * flat.length / rows);
            }
            return matrix;
        }
    }

    Context context() {
        float[] values = floats("ctx");
        int tokens = expected.get("n_ctx").asInt();
        return new Context(tokens, values.length / tokens, values);
    }

    /** What follows the context in each prompt: the name's tokens, the full stop, EOS. */
    int[][] suffixes() {
        List<int[]> suffixes = new ArrayList<>();
        for (JsonNode ids : expected.get("class_token_ids")) {
            int[] suffix = new int[ids.size() + 2];
            for (int i = 0; i < ids.size(); i++) {
                suffix[i] = ids.get(i).asInt();
            }
            suffix[ids.size()] = expected.get("dot").asInt();
            suffix[ids.size() + 1] = expected.get("eot").asInt();
            suffixes.add(suffix);
        }
        return suffixes.toArray(int[][]::new);
    }

    /** Padded rows of token ids cut after their EOS. */
    int[][] plainTokenIds() {
        int eos = expected.get("eot").asInt();
        float[][] padded = rows("plain_token_ids");
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
