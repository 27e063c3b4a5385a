package dev.promptgate.clip;

import ai.djl.engine.Engine;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** PyTorch's native libraries, which are unpacked and loaded once in a process. */
final class TorchEngine {
    private TorchEngine() {}

    /** @throws ModelException if they cannot be had */
    static void load() {
        try {
            Engine.getEngine("PyTorch");
        } catch (RuntimeException | LinkageError e) {
            throw new ModelException(
                    "PyTorch's native libraries cannot be loaded; make room in the directory of DJL_CACHE_DIR (~/.djl.ai), or have PYTORCH_LIBRARY_PATH, if it is set, "
                            + "name a libtorch that fits [cause: %s]".formatted(words(e)),
                    e);
        }
    }

    private static String words(Throwable failure) {
        return Stream.iterate(failure, e -> e != null, Throwable::getCause).limit(5)
                .map(e -> e.getClass().getSimpleName() + ": " + String.valueOf(e.getMessage()).lines().findFirst().orElse("")).distinct()
                .collect(Collectors.joining("; "));
    }
}
