package dev.promptgate.testing.model;

import dev.promptgate.bundled.BundledModel;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.engine.ComputeOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Loads the model when the first test asks for it, and closes it after the last one. */
final class BundledModelExtension implements ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(BundledModelExtension.class);

    /** The model and the folder that it came from. */
    private record Loaded(Path folder, ClipModel model) implements ExtensionContext.Store.CloseableResource {
        static Loaded load() {
            try {
                Path folder = Files.createTempDirectory("bundled-model");
                return new Loaded(folder, ClipModel.load(BundledModel.extractTo(folder), ComputeOptions.cpu()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            model.close();
            List<Path> files;
            try (Stream<Path> tree = Files.walk(folder)) {
                files = tree.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == ClipModel.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot().getStore(NAMESPACE).getOrComputeIfAbsent("model", key -> Loaded.load(), Loaded.class).model();
    }
}
