package dev.promptgate.clip.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.clip.failure.ModelException;
import dev.promptgate.clip.weights.stored.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Hugging Face's shards: the index tells in which file beside it each tensor is. */
final class ShardedFile implements TensorFile {
    private static final long MAX_INDEX_BYTES = 16 << 20;

    private final Path index;
    private final Map<String, TensorFile> shards = new HashMap<>();
    private final Map<String, TensorFile> shardOfTensor = new LinkedHashMap<>();

    private ShardedFile(Path index) {
        this.index = index;
    }

    static ShardedFile open(Path index) {
        ShardedFile file = new ShardedFile(index);
        try {
            file.openShards();
            return file;
        } catch (ModelException e) {
            file.close();
            throw e;
        }
    }

    private void openShards() {
        JsonNode map;
        try {
            if (Files.size(index) > MAX_INDEX_BYTES) {
                throw new ModelException("The shard index is larger than %d bytes [file: %s]".formatted(MAX_INDEX_BYTES, index));
            }
            map = new ObjectMapper().readTree(Files.readAllBytes(index)).path("weight_map");
        } catch (IOException e) {
            throw new ModelException("The shard index cannot be read as JSON; fetch it again [file: %s]".formatted(index), e);
        }
        if (map.isEmpty()) {
            throw new ModelException("The shard index names no tensor; fetch it again [file: %s]".formatted(index));
        }
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            String shard = entry.getValue().asText();
            if (!shard.matches("[\\w.-]+\\.(safetensors|bin)")) {
                throw new ModelException("The shard index names a shard outside the directory [file: %s, shard: %s]"
                        .formatted(index, RefusedException.shown(shard)));
            }
            TensorFile file = shards.computeIfAbsent(shard, name -> StoredTensorFile.open(index.resolveSibling(name)));
            if (!file.names().contains(entry.getKey())) {
                throw new ModelException(
                        "A tensor is not in the shard that the index names; fetch both again [file: %s, tensor: %s, shard: %s]"
                                .formatted(index, RefusedException.shown(entry.getKey()), shard));
            }
            shardOfTensor.put(entry.getKey(), file);
        }
    }

    @Override
    public Path file() {
        return index;
    }

    @Override
    public Set<String> names() {
        return shardOfTensor.keySet();
    }

    @Override
    public Shape shape(String name) {
        return shardOfTensor.get(name).shape(name);
    }

    @Override
    public DataType type(String name) {
        return shardOfTensor.get(name).type(name);
    }

    @Override
    public NDArray float32(NDManager manager, String name) {
        return shardOfTensor.get(name).float32(manager, name);
    }

    @Override
    public void close() {
        shards.values().forEach(TensorFile::close);
    }
}
