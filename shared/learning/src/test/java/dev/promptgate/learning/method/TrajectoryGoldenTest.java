package dev.promptgate.learning.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.engine.ComputeOptions;
import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.PromptSet;
import dev.promptgate.clip.weights.TensorFile;
import dev.promptgate.learning.loss.CrossEntropy;
import dev.promptgate.learning.loss.PromptObjective;
import dev.promptgate.learning.training.Optimiser;
import dev.promptgate.learning.training.SgdSettings;
import dev.promptgate.testing.GoldenFolders;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every step of CoOp, SCoOp and GCSCoOp equal to that of the paper's own code. */
class TrajectoryGoldenTest {
    @TestFactory
    List<DynamicTest> stepsAreThePapers() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        for (Path folder : GoldenFolders.models()) {
            JsonNode expected = new ObjectMapper().readTree(folder.resolve("expected.json").toFile());
            for (JsonNode run : expected.get("runs")) {
                tests.add(DynamicTest.dynamicTest(folder.getFileName() + "/" + run.get("name").asText(),
                        () -> follow(folder, expected, run)));
            }
        }
        return tests;
    }

    private static void follow(Path folder, JsonNode expected, JsonNode run) {
        float[] images = floats(folder, "features");
        float[] labels = floats(folder, "labels");
        float[] ctxAfter = floats(folder, "ctx_after." + run.get("name").asText());
        int dim = images.length / labels.length;
        int tokens = expected.get("n_ctx").asInt();
        float[] start = floats(folder, "ctx");
        Context context = new Context(tokens, start.length / tokens, start);
        Optimiser optimiser = optimiser(run);
        try (ClipModel model = ClipModel.load(folder, ComputeOptions.cpu())) {
            PromptSet prompts = model.textEncoder().promptsFromTokenIds(suffixes(expected), tokens);
            for (int step = 0; step < run.get("steps").size(); step++) {
                JsonNode want = run.get("steps").get(step);
                int[] batch = StreamSupport.stream(want.get("batch").spliterator(), false).mapToInt(JsonNode::asInt).toArray();
                float[][] batchImages = IntStream.of(batch).mapToObj(i -> Arrays.copyOfRange(images, i * dim, (i + 1) * dim))
                        .toArray(float[][]::new);
                int[] batchLabels = IntStream.of(batch).map(i -> (int) labels[i]).toArray();
                Optimiser.Step done = optimiser.step(context.values(),
                        new PromptObjective(model.textEncoder(), prompts, context,
                                new CrossEntropy(batchImages, batchLabels, model.logitScale())),
                        run.get("lr").asDouble());
                context = context.withValues(done.parameters());
                String where = " at step " + step;
                assertEquals(want.get("loss").asDouble(), done.report().loss(), step == 0 ? 1e-5 * want.get("loss").asDouble() : 1e-3,
                        "loss" + where);
                if (want.has("cosine")) {
                    assertEquals(want.get("cosine").asDouble(), done.report().cosine(), 1e-3, "cosine" + where);
                }
                if (want.has("branch")) {
                    assertEquals(want.get("branch").asText(), done.report().branch().name().toLowerCase(Locale.ROOT), "branch" + where);
                }
                int size = start.length;
                double deviation = relativeNorm(context.values(), Arrays.copyOfRange(ctxAfter, step * size, (step + 1) * size));
                assertTrue(deviation <= 1e-3, "the context deviates by " + deviation + where);
            }
        }
    }

    private static Optimiser optimiser(JsonNode run) {
        ContextMethod method = switch (run.get("optimizer").asText()) {
            case "sgd" -> ContextMethod.COOP;
            case "sam" -> ContextMethod.SCOOP;
            default -> ContextMethod.GCSCOOP;
        };
        Map<Hyperparameter, Double> values = new EnumMap<>(Map.of(Hyperparameter.RHO, run.get("rho").asDouble()));
        if (method == ContextMethod.GCSCOOP) {
            values.put(Hyperparameter.LOWER_BOUND, run.get("lower_bound").asDouble());
            values.put(Hyperparameter.UPPER_BOUND, run.get("upper_bound").asDouble());
        }
        return new Optimiser(new MethodSettings(method, values).rule(),
                new SgdSettings(run.get("lr").asDouble(), run.get("momentum").asDouble(), run.get("weight_decay").asDouble()));
    }

    private static int[][] suffixes(JsonNode expected) {
        return StreamSupport.stream(expected.get("class_token_ids").spliterator(), false).map(ids -> IntStream.concat(
                StreamSupport.stream(ids.spliterator(), false).mapToInt(JsonNode::asInt),
                IntStream.of(expected.get("dot").asInt(), expected.get("eot").asInt())).toArray()).toArray(int[][]::new);
    }

    private static float[] floats(Path folder, String name) {
        try (TensorFile file = TensorFile.open(folder.resolve("expected.safetensors"));
                NDManager manager = NDManager.newBaseManager("PyTorch");
                NDArray array = file.float32(manager, name)) {
            return array.toFloatArray();
        }
    }

    private static double relativeNorm(float[] actual, float[] expected) {
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow(actual[i] - expected[i], 2);
            norm += Math.pow(expected[i], 2);
        }
        return Math.sqrt(difference / norm);
    }
}
