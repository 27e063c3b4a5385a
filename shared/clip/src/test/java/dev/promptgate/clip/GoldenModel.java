package dev.promptgate.clip;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.clip.text.Context;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One golden folder: a small random CLIP and what the paper's own code computes with it. */
record GoldenModel(Path folder, JsonNode expected) {
    static GoldenModel open(Path folder) throws IOException {
        return new GoldenModel(folder, new ObjectMapper().readTree(folder.resolve("expected.json").toFile()));
    }

    float[] floats(String name) {
        return tensors().floats(name);
    }

    float[][] rows(String name) {
        return tensors().rows(name);
    }

    private GoldenTensors tensors() {
        return new GoldenTensors(folder.resolve("expected.safetensors"));
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

    int[][] plainTokenIds() {
        return tensors().tokenIds("plain_token_ids", expected.get("eot").asInt());
    }
}
