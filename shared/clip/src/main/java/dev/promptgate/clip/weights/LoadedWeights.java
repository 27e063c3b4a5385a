package dev.promptgate.clip.weights;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.promptgate.clip.digest.Fingerprint;

/**
 * The tensors of one model while it is loaded: read from a source, fingerprinted as they are read, converted to the type that is computed
 * in, owned by the model's manager.
 *
 * @param owner the model's manager
 * @param type that is computed in
 */
public record LoadedWeights(WeightSource source, NDManager owner, DataType type, Fingerprint fingerprint) {
    /** A tensor as the source gives it (float32), owned by {@code scratch}. */
    public NDArray read(NDManager scratch, String name, Shape shape) {
        NDArray array = source.tensor(scratch, name, shape);
        fingerprint.add(name, array);
        return array;
    }

    /** A tensor in the type that is computed in, owned by the model. */
    public NDArray get(String name, Shape shape) {
        try (NDManager scratch = scratch()) {
            return own(read(scratch, name, shape));
        }
    }

    /** Moves an array into the model's ownership, in the type that is computed in. */
    public NDArray own(NDArray array) {
        NDArray converted = array.toType(type, false);
        converted.attach(owner);
        return converted;
    }

    /** A manager for intermediate arrays; the caller closes it. */
    public NDManager scratch() {
        return owner.newSubManager();
    }
}
