package dev.promptgate.clip.weights.torch;

import java.util.Map;

/** Stands for an object of Python's that is not made: its attributes alone, so that the tensors among them are found. */
final class InertObject {
    /** The dict that the pickle gave, not a copy: one may be given to many. */
    Map<?, ?> attributes = Map.of();
}
