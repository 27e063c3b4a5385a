package dev.promptgate.clip.weights.torch;

import dev.promptgate.clip.weights.stored.RefusedException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the state dict in what a checkpoint's pickle holds: at its root, under a training loop's key, or as a scripted module's tensors.
 */
final class StateDict {
    private static final List<String> KEYS = List.of("state_dict", "model_state_dict", "model");
    private static final String PARALLEL = "module.";
    private static final int MAX_DEPTH = 64;
    private static final int MAX_ATTRIBUTES = 1 << 16;
    private static final int MAX_NAME_LENGTH = 1024;

    private final Map<String, PickledTensor> tensors = new LinkedHashMap<>();
    private int attributes;

    private StateDict() {}

    /** The tensors by name, without {@code module.}, which data-parallel training puts before all of them. */
    static Map<String, PickledTensor> find(Object root) throws IOException {
        StateDict found = new StateDict();
        if (root instanceof InertObject module) {
            found.addModule("", module, 0);
        } else if (root instanceof Map<?, ?> dict) {
            found.addDict(dict);
            for (String key : KEYS) {
                if (found.tensors.isEmpty() && dict.get(key) instanceof Map<?, ?> nested) {
                    found.addDict(nested);
                }
            }
        }
        if (found.tensors.isEmpty()) {
            throw new RefusedException(
                    "it holds no state dict of tensors, neither at its root nor under one of %s; save the state dict alone"
                            .formatted(KEYS));
        }
        return found.withoutPrefix();
    }

    private void addDict(Map<?, ?> dict) {
        dict.forEach((key, value) -> {
            if (key instanceof String name && value instanceof PickledTensor tensor) {
                tensors.put(name, tensor);
            }
        });
    }

    private void addModule(String prefix, InertObject module, int depth) throws IOException {
        for (Map.Entry<?, ?> attribute : module.attributes.entrySet()) {
            if (depth == MAX_DEPTH || ++attributes > MAX_ATTRIBUTES || prefix.length() > MAX_NAME_LENGTH) {
                throw new RefusedException("its modules have more than %d attributes or lie deeper than %d; save the state dict alone"
                        .formatted(MAX_ATTRIBUTES, MAX_DEPTH));
            }
            if (attribute.getValue() instanceof InertObject child) {
                addModule(prefix + attribute.getKey() + ".", child, depth + 1);
            } else if (attribute.getValue() instanceof PickledTensor tensor) {
                tensors.put(prefix + attribute.getKey(), tensor);
            }
        }
    }

    private Map<String, PickledTensor> withoutPrefix() {
        if (!tensors.keySet().stream().allMatch(name -> name.startsWith(PARALLEL))) {
            return tensors;
        }
        Map<String, PickledTensor> stripped = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> stripped.put(name.substring(PARALLEL.length()), tensor));
        return stripped;
    }
}
