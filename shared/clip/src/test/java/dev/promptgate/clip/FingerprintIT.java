package dev.promptgate.clip;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.promptgate.bundled.BundledModel;
import dev.promptgate.clip.engine.ComputeOptions;
import dev.promptgate.testing.GoldenFolders;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model's fingerprint is in every prompt that was published for it: it stays the same for ever. */
class FingerprintIT {
    @Test
    void bundledModel(@TempDir Path directory) {
        assertFingerprint("8c73e88a23b3d30c65273714a243a739d73a772ef58d7c1f70e2e8459e9543a7", BundledModel.extractTo(directory));
    }

    @Test
    void huggingFaceDirectory() {
        assertFingerprint("a649bff5e7f374d408438d981115c2d511bf26f7c14cab6d2bbfc9d8ead0ef28", GoldenFolders.committed("gcscoop/b"));
    }

    @Test
    void openAiArchive() {
        assertFingerprint("354474f8a7071a704c0149449d1fe8d08031a0359d2da9bbac11d72469222916", GoldenFolders.committed("gcscoop/b").resolve("openai.pt"));
    }

    private static void assertFingerprint(String expected, Path location) {
        try (ClipModel model = ClipModel.load(location, ComputeOptions.cpu())) {
            assertEquals("sha256:" + expected, model.fingerprint());
        }
    }
}
