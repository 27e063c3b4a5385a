package dev.promptgate.clip.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.clip.failure.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The files of a repository that make a model, and how to come by them: each is asked for by name, since what is there decides on the
 * layout.
 *
 * @param directory where they lie, or shall lie
 * @param fetch sees to it that a file of the name is there; false if there is none
 */
record HubFiles(Path directory, Predicate<String> fetch) {
    private static final List<String> HUGGING_FACE = List.of("model.safetensors", "model.safetensors.index.json", "pytorch_model.bin",
            "pytorch_model.bin.index.json");
    private static final List<String> OPEN_CLIP = List.of("open_clip_model.safetensors", "open_clip_pytorch_model.bin");

    /** Those of a directory, which nothing is added to. */
    static HubFiles of(Path directory) {
        return new HubFiles(directory, name -> Files.exists(directory.resolve(name)));
    }

    /** Configuration and weights, in one layout or the other; false if there is no such pair. */
    boolean hasModel() {
        return fetch.test("config.json") && isClip(directory.resolve("config.json")) && hasWeights(HUGGING_FACE)
                || fetch.test("open_clip_config.json") && hasWeights(OPEN_CLIP);
    }

    boolean hasTokenizer() {
        return fetch.test("tokenizer.json") || fetch.test("vocab.json") && fetch.test("merges.txt");
    }

    void takePreprocessing() {
        fetch.test("preprocessor_config.json");
        fetch.test("processor_config.json");
    }

    /** Other libraries' repositories hold a {@code config.json} of their own beside open_clip's files. */
    private static boolean isClip(Path config) {
        try {
            JsonNode root = new ObjectMapper().readTree(Files.readAllBytes(config));
            return root.path("vision_config").isObject() || root.path("vision_config_dict").isObject();
        } catch (IOException e) {
            throw new ModelException("config.json cannot be read as JSON [file: " + config + "]", e);
        }
    }

    private boolean hasWeights(List<String> names) {
        return names.stream().filter(fetch).findFirst().filter(name -> !name.endsWith(".index.json") || hasShards(name)).isPresent();
    }

    private boolean hasShards(String index) {
        TreeSet<String> shards = new TreeSet<>();
        try {
            new ObjectMapper().readTree(directory.resolve(index).toFile()).path("weight_map").forEach(shard -> shards.add(shard.asText()));
        } catch (IOException e) {
            throw new ModelException("The shard index cannot be read as JSON [file: " + directory.resolve(index) + "]", e);
        }
        for (String shard : shards) {
            if (!shard.matches("\\w[\\w.-]*") || !fetch.test(shard)) {
                throw new ModelException("A shard that the model's index names is missing [shard: %s, directory: %s]"
                        .formatted(shard.lines().findFirst().orElse(""), directory));
            }
        }
        return !shards.isEmpty();
    }
}
