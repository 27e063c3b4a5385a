package dev.promptgate.clip.layout;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.promptgate.clip.failure.ModelException;
import dev.promptgate.clip.layout.TensorNames.Origin;
import dev.promptgate.clip.layout.TensorNames.Part;
import dev.promptgate.clip.weights.TensorFile;
import dev.promptgate.clip.weights.WeightSource;
import java.util.Set;
import java.util.stream.Collectors;

/** The tensors of a file under the names that the towers ask for. */
record NamedWeights(TensorFile file, TensorNames names) implements WeightSource {
    /** @throws ModelException if the file's layers hold more than the configuration asks for: more layers, or other ones */
    NamedWeights {
        Set<String> known = names.origins().values().stream().map(Origin::name).collect(Collectors.toSet());
        for (String name : file.names()) {
            if (!known.contains(name) && names.stacks().stream().anyMatch(name::startsWith)) {
                throw new ModelException("The configuration contradicts the weights: a layer holds a tensor that CLIP of this configuration"
                        + " does not have [tensor: %s, file: %s]".formatted(name, file.file()));
            }
        }
    }

    @Override
    public NDArray tensor(NDManager manager, String name, Shape shape) {
        Origin origin = names.origins().get(name);
        if (!file.names().contains(origin.name())) {
            throw new ModelException("The weights lack a tensor that the configuration asks for [tensor: %s, shape: %s, file: %s]"
                    .formatted(origin.name(), stored(origin.part(), shape), file.file()));
        }
        Shape found = file.shape(origin.name());
        boolean isOneNumber = shape.dimension() == 0 && found.equals(new Shape(1));
        if (!isOneNumber && !found.equals(stored(origin.part(), shape))) {
            throw new ModelException(
                    "The configuration contradicts the weights [tensor: %s, configuration asks for: %s, weights have: %s, file: %s]"
                            .formatted(origin.name(), stored(origin.part(), shape), found, file.file()));
        }
        NDArray array = file.float32(manager, origin.name());
        return switch (origin.part()) {
            case WHOLE -> isOneNumber ? array.reshape(shape) : array;
            case TRANSPOSED -> array.transpose().duplicate();
            default -> {
                long from = Part.THIRDS.indexOf(origin.part()) * shape.get(0);
                yield array.get(new NDIndex("{}:{}", from, from + shape.get(0))).duplicate();
            }
        };
    }

    /** The shape that the file must have for a tensor of the shape asked for. */
    private static Shape stored(Part part, Shape asked) {
        long[] shape = asked.getShape().clone();
        if (part == Part.TRANSPOSED) {
            return new Shape(shape[1], shape[0]);
        }
        if (part != Part.WHOLE) {
            shape[0] *= 3;
        }
        return new Shape(shape);
    }

    @Override
    public void close() {
        file.close();
    }
}
