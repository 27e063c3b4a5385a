package dev.promptgate.clip.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.promptgate.clip.failure.ModelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Hugging Face's layout: one file of weights, or shards named by an index. */
public final class HuggingFaceWeights implements WeightSource {
    private static final List<String> FILES = List.of(
            "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json");

    private final Path directory;
    private final TensorFile file;

    /** @throws ModelException if the weights are missing or unreadable */
    public HuggingFaceWeights(Path directory) {
        this.directory = directory;
        file = TensorFile.open(FILES.stream().map(directory::resolve).filter(Files::exists).findFirst().orElseThrow(
                () -> new ModelException("The model directory has neither of %s [directory: %s]".formatted(FILES, directory))));
    }

    @Override
    public NDArray tensor(NDManager manager, String name, Shape shape) {
        if (!file.names().contains(name)) {
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
        file.close();
    }
}
