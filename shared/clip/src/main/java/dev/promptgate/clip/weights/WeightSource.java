package dev.promptgate.clip.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/** Gives tensors by their Hugging Face names, e.g. {@code text_model.final_layer_norm.weight}. */
public interface WeightSource extends AutoCloseable {
    /** One float32 tensor, owned by the manager; a {@link ModelException} if it is missing or has another shape. */
    NDArray tensor(NDManager manager, String name, Shape shape);

    @Override
    void close();
}
