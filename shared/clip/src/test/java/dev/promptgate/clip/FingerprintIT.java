package dev.promptgate.clip;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.promptgate.bundled.BundledModel;
import dev.promptgate.clip.engine.ComputeOptions;
import dev.promptgate.clip.image.ImagePreprocessor;
import dev.promptgate.clip.layout.EditedWeights;
import dev.promptgate.clip.layout.ModelLayout;
import dev.promptgate.clip.weights.WeightSource;
import dev.promptgate.testing.GoldenFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model's fingerprint is in every prompt that was published for it: it stays the same for ever. */
class FingerprintIT {
    @Test
    void bundledModel(@TempDir Path directory) {
        assertFingerprint("459ff6eac3a616c67df1f992ae3a6ddcba6c05e19d1c85c7840b3f7640262bae", BundledModel.extractTo(directory));
    }

    @Test
    void huggingFaceDirectory() {
        assertFingerprint("a649bff5e7f374d408438d981115c2d511bf26f7c14cab6d2bbfc9d8ead0ef28", GoldenFolders.committed("gcscoop/b"));
    }

    @Test
    void openAiArchive() {
        assertFingerprint("354474f8a7071a704c0149449d1fe8d08031a0359d2da9bbac11d72469222916",
                GoldenFolders.committed("gcscoop/b").resolve("openai.pt"));
    }

    @Test
    void theSameWeightsInAnotherLayout(@TempDir Path directory) throws IOException {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        Map<String, float[]> values = new LinkedHashMap<>();
        Path folder = GoldenFolders.committed("layouts/open-clip-safetensors");
        try (ModelLayout layout = ModelLayout.open(folder);
                ClipModel openClip = new ClipModel(layout.config(), new Recording(layout.weights(), shapes, values), ComputeOptions.cpu(),
                        ImagePreprocessor.clip(layout.config().vision().imageSize()), Optional.empty())) {
            EditedWeights.write(directory.resolve("model.safetensors"), shapes, values);
            Files.copy(GoldenFolders.committed("layouts/hugging-face-bin").resolve("config.json"), directory.resolve("config.json"));
            try (ClipModel huggingFace = ClipModel.load(directory, ComputeOptions.cpu())) {
                assertEquals(openClip.fingerprint(), huggingFace.fingerprint());
            }
            EditedWeights.edit(directory.resolve("model.safetensors"), directory.resolve("model.safetensors"),
                    EditedWeights.reshaped("logit_scale", 1));
            try (ClipModel scaleInBrackets = ClipModel.load(directory, ComputeOptions.cpu())) {
                assertEquals(openClip.fingerprint(), scaleInBrackets.fingerprint());
            }
        }
    }

    /** Keeps what a model is given. */
    private record Recording(WeightSource source, Map<String, Shape> shapes, Map<String, float[]> values) implements WeightSource {
        @Override
        public NDArray tensor(NDManager manager, String name, Shape shape) {
            NDArray tensor = source.tensor(manager, name, shape);
            shapes.put(name, shape);
            values.put(name, tensor.toFloatArray());
            return tensor;
        }

        @Override
        public void close() {
            source.close();
        }
    }

    private static void assertFingerprint(String expected, Path location) {
        try (ClipModel model = ClipModel.load(location, ComputeOptions.cpu())) {
            assertEquals("sha256:" + expected, model.fingerprint());
        }
    }
}
