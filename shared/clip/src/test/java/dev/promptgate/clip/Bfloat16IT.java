package dev.promptgate.clip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.promptgate.bundled.BundledModel;
import dev.promptgate.bundled.SampleStream;
import dev.promptgate.clip.engine.ComputeOptions;
import dev.promptgate.clip.engine.ComputeOptions.DeviceChoice;
import dev.promptgate.clip.engine.ComputeOptions.Precision;
import dev.promptgate.clip.engine.MatrixUnits;
import dev.promptgate.clip.failure.ModelException;
import dev.promptgate.clip.layout.ModelLayout;
import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.PromptSet;
import dev.promptgate.clip.vision.PrecisionCheck;
import dev.promptgate.clip.weights.WeightSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images in bfloat16 against float32, where the processor has units for it; what is refused where it has none. */
class Bfloat16IT {
    private static final ComputeOptions BFLOAT16 = new ComputeOptions(DeviceChoice.CPU, Precision.BFLOAT16);
    private static final ComputeOptions AUTO = new ComputeOptions(DeviceChoice.CPU, Precision.AUTO);
    private static final int IMAGES = 64;

    @TempDir
    private static Path directory;

    private static ClipModel float32;
    private static ClipModel auto;
    private static List<float[]> pixels;

    @BeforeAll
    static void load() throws Exception {
        float32 = ClipModel.load(BundledModel.extractTo(directory), ComputeOptions.cpu());
        auto = ClipModel.load(directory, AUTO);
        pixels = new ArrayList<>();
        for (byte[] file : SampleStream.files(IMAGES)) {
            pixels.add(float32.preprocessor().preprocess(file));
        }
    }

    @AfterAll
    static void close() {
        float32.close();
        auto.close();
    }

    @Test
    void aProcessorWithoutUnitsIsToldAndAutoStaysWithFloat32() {
        boolean hasUnits = MatrixUnits.present();
        assertEquals(hasUnits ? Precision.BFLOAT16 : Precision.FLOAT32, auto.precision());
        if (!hasUnits) {
            String message = assertThrows(ModelException.class, () -> ClipModel.load(directory, BFLOAT16)).getMessage();
            assertTrue(message.contains("no units for bfloat16") && message.contains("--precision"), message);
            assertEquals(float32.imageFingerprint(), auto.imageFingerprint());
        }
    }

    @Test
    void featuresAreNearlyFloat32sAndTheirFingerprintSaysThatTheyAreOthers() {
        assumeUnits();
        float[][] exact = float32.imageEncoder().encode(pixels);
        float[][] features = auto.imageEncoder().encode(pixels);
        assertFalse(Arrays.deepEquals(exact, features), "the units were used");
        for (int i = 0; i < exact.length; i++) {
            double cosine = 0;
            for (int d = 0; d < exact[i].length; d++) {
                cosine += exact[i][d] * features[i][d];
            }
            assertTrue(cosine >= PrecisionCheck.LEAST_COSINE, i + ": " + cosine);
        }
        assertEquals(float32.fingerprint(), auto.fingerprint(), "the model is the same");
        assertNotEquals(float32.imageFingerprint(), auto.imageFingerprint());
    }

    /** The switch is the process's: who computes in float32 at the same time must not notice. */
    @Test
    void float32StaysExactBesideIt() throws Exception {
        assumeUnits();
        float[][] exact = float32.imageEncoder().encode(pixels.subList(0, 16));
        Context context = float32.textEncoder().contextFrom("a photo of a");
        PromptSet prompts = float32.textEncoder().prompts(classes(), context.tokens());
        float[][] text = float32.textEncoder().features(context, prompts);
        FutureTask<Void> other = new FutureTask<>(() -> {
            for (int i = 0; i < 10; i++) {
                auto.imageEncoder().encode(pixels.subList(0, 32));
            }
        }, null);
        new Thread(other).start();
        do {
            assertArrayEquals(exact, float32.imageEncoder().encode(pixels.subList(0, 16)));
            assertArrayEquals(text, auto.textEncoder().features(context, prompts));
        } while (!other.isDone());
        other.get();
    }

    @Test
    void anotherModelsFeaturesDoNotHold() {
        assertTrue(PrecisionCheck.leastCosine(float32.imageEncoder(), float32.imageEncoder()) > 0.999999);
        try (ClipModel other = withOtherWeights()) {
            assertTrue(PrecisionCheck.leastCosine(other.imageEncoder(), float32.imageEncoder()) < PrecisionCheck.LEAST_COSINE);
        }
    }

    /** Whose first layer attends elsewhere. */
    private static ClipModel withOtherWeights() {
        try (ModelLayout layout = ModelLayout.open(directory)) {
            WeightSource weights = layout.weights();
            WeightSource changed = new WeightSource() {
                @Override
                public NDArray tensor(NDManager manager, String name, Shape shape) {
                    NDArray array = weights.tensor(manager, name, shape);
                    return name.equals("vision_model.encoder.layers.0.self_attn.q_proj.weight") ? array.mul(-10) : array;
                }

                @Override
                public void close() {
                    weights.close();
                }
            };
            return new ClipModel(layout.config(), changed, ComputeOptions.cpu(), float32.preprocessor(), Optional.empty());
        }
    }

    private static void assumeUnits() {
        assumeTrue(MatrixUnits.present(), "This processor has no units for bfloat16");
    }

    private static List<String> classes() {
        return SampleStream.entries().stream().map(SampleStream.Entry::label).distinct().toList();
    }
}
