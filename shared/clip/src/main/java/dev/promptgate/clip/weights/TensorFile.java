package dev.promptgate.clip.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.Set;

/**
 * A file of tensors by its own names for them, or several that are one. Checked when opened; tensors are read one by one. Not thread-safe.
 */
public interface TensorFile extends AutoCloseable {
    /** What was opened: of shards the index. */
    Path file();

    Set<String> names();

    /** The shape of a tensor that is there. */
    Shape shape(String name);

    /** The type that a tensor is stored in; {@link DataType#UNKNOWN} for types that no weights have. */
    DataType type(String name);

    /**
     * A tensor that is there, as float32, owned by the manager, on its device.
     *
     * @throws ModelException if it cannot be read, or its type is neither a float of 16 to 64 bits nor an integer of 32 or 64
     */
    NDArray float32(NDManager manager, String name);

    @Override
    void close();

    /**
     * Opens safetensors, any checkpoint of PyTorch, told apart by what is in them, or the shards that an {@code ….index.json} names.
     *
     * @throws ModelException if the file is missing, damaged, of no kind that is known, or not to be trusted
     */
    static TensorFile open(Path file) {
        return file.toString().endsWith(".index.json") ? ShardedFile.open(file) : StoredTensorFile.open(file);
    }
}
