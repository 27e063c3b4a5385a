package dev.promptgate.clip.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.clip.failure.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Hugging Face's layout: {@code model.safetensors}, or shards named by {@code model.safetensors.index.json}. */
public final class HuggingFaceWeights implements WeightSource {
    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";

    private final Path directory;
    private final Map<String, TensorFile> files = new LinkedHashMap<>();
    private final Map<String, TensorFile> fileOfTensor = new HashMap<>();

    /** @throws ModelException if the weights are missing or unreadable */
    public HuggingFaceWeights(Path directory) {
        this.directory = directory;
        if (Files.exists(directory.resolve(SINGLE))) {
            TensorFile file = open(SINGLE);
            file.names().forEach(name -> fileOfTensor.put(name, file));
        } else if (Files.exists(directory.resolve(INDEX))) {
            try {
                openShards();
            } catch (ModelException e) {
                close();
                throw e;
            }
        } else {
            throw new ModelException("The model directory has neither %s nor %s [directory: %s]".formatted(SINGLE, INDEX, directory));
        }
    }

    private void openShards() {
        try {
            JsonNode map = new ObjectMapper().readTree(Files.readAllBytes(directory.resolve(INDEX))).path("weight_map");
            for (Map.Entry<String, JsonNode> entry : map.properties()) {
                String shard = entry.getValue().asText();
                if (!shard.matches("[\\w.-]+\\.safetensors")) {
                    throw new ModelException("%s names a shard outside the directory [shard: %s]".formatted(INDEX, shard));
                }
                TensorFile file = files.containsKey(shard) ? files.get(shard) : open(shard);
                if (!file.names().contains(entry.getKey())) {
                    throw new ModelException("A tensor is not in the shard that the index names [tensor: %s, shard: %s]"
                            .formatted(entry.getKey(), shard));
                }
                fileOfTensor.put(entry.getKey(), file);
            }
        } catch (IOException e) {
            throw new ModelException("The shard index cannot be read as JSON [file: " + directory.resolve(INDEX) + "]", e);
        }
    }

    private TensorFile open(String name) {
        TensorFile file = TensorFile.open(directory.resolve(name));
        files.put(name, file);
        return file;
    }

    @Override
    public NDArray tensor(NDManager manager, String name, Shape shape) {
        TensorFile file = fileOfTensor.get(name);
        if (file == null) {
            throw new ModelException("The weights lack a tensor that config.json asks for [tensor: %s, shape: %s, directory: %s]"
                    .formatted(name, shape, directory));
        }
        if (!file.shape(name).equals(shape)) {
            throw new ModelException(
                    "config.json contradicts the weights [tensor: %s, config asks for: %s, weights have: %s, directory: %s]"
                            .formatted(name, shape, file.shape(name), directory));
        }
        return file.float32(manager, name);
    }

    @Override
    public void close() {
        files.values().forEach(TensorFile::close);
    }
}
