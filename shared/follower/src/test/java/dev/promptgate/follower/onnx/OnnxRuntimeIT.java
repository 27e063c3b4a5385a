package dev.promptgate.follower.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.promptgate.bundled.BundledModel;
import dev.promptgate.bundled.SampleStream;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.scoring.ClassScorer;
import dev.promptgate.follower.EmbeddingsReader;
import dev.promptgate.learning.prompt.ClassEmbeddings;
import dev.promptgate.learning.prompt.EmbeddingType;
import dev.promptgate.learning.prompt.EmbeddingsCodec;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptMetadata;
import dev.promptgate.messaging.record.PromptKey;
import dev.promptgate.messaging.trust.PromptVerifier;
import dev.promptgate.testing.model.BundledModelTest;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A consumer without PyTorch: CLIP's image tower on ONNX Runtime, and class embeddings from the topic's records. */
@BundledModelTest
class OnnxRuntimeIT {
    private static final List<SampleStream.Entry> IMAGES = SampleStream.entries().subList(0, 100);

    private static ClassEmbeddings received(ClipModel model) throws Exception {
        List<String> classes = SampleStream.entries().stream().map(SampleStream.Entry::label).distinct().toList();
        Prompt prompt = new Prompt(model.textEncoder().contextFrom("a badge with a"), new PromptMetadata("default", 1, 0,
                model.fingerprint(), 0, new PromptMetadata.Origin(classes, "", Map.of(), Map.of(), Map.of()), Map.of()));
        EmbeddingsReader reader = new EmbeddingsReader("default", PromptVerifier.off(), Optional.of(model.fingerprint()));
        List<byte[]> parts = EmbeddingsCodec.encode(ClassEmbeddings.of(prompt, model), EmbeddingType.FLOAT32, 20_000);
        for (int i = 0; i < parts.size(); i++) {
            reader.take(new ConsumerRecord<>("class-embeddings", 0, i, new PromptKey("default").bytes(i), parts.get(i)));
        }
        return reader.live().orElseThrow();
    }

    @Test
    void answersAsTheModelItself(ClipModel model, @TempDir Path directory) throws Exception {
        ClassEmbeddings set = received(model);
        byte[] onnx = OnnxClassifier.model(BundledModel.extractTo(directory).resolve("model.safetensors"), model.config().vision(),
                set.dim());
        ClassScorer scorer = new ClassScorer(set.textFeatures());
        List<float[]> pixels = new ArrayList<>();
        for (SampleStream.Entry entry : IMAGES) {
            pixels.add(model.preprocessor().preprocess(SampleStream.bytes(entry)));
        }
        float[][] features = model.imageEncoder().encode(pixels);
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OrtSession session = environment.createSession(onnx)) {
            for (int i = 0; i < features.length; i++) {
                float[] probabilities = classify(session, environment, pixels.get(i), set);
                float[] cosines = scorer.score(features[i]);
                int expected = ClassScorer.best(cosines, 0, cosines.length);
                assertEquals(set.classes().get(expected), set.classes().get(ClassScorer.best(probabilities, 0, probabilities.length)),
                        IMAGES.get(i).file());
                assertEquals(probability(cosines, expected, set.source().logitScale()), probabilities[expected], 1e-3);
            }
        }
    }

    private static float[] classify(OrtSession session, OrtEnvironment environment, float[] pixels, ClassEmbeddings set)
            throws OrtException {
        int side = (int) Math.round(Math.sqrt(pixels.length / 3.0));
        try (OnnxTensor image = OnnxTensor.createTensor(environment, FloatBuffer.wrap(pixels), new long[] {1, 3, side, side});
                OnnxTensor text = OnnxTensor.createTensor(environment, set.textFeatures());
                OnnxTensor scale = OnnxTensor.createTensor(environment, set.source().logitScale());
                OrtSession.Result result = session.run(Map.of("pixels", image, "text_features", text, "logit_scale", scale))) {
            return ((float[][]) result.get(0).getValue())[0];
        }
    }

    private static double probability(float[] cosines, int of, float logitScale) {
        return 1 / Stream.iterate(0, c -> c + 1).limit(cosines.length).mapToDouble(c -> Math.exp(logitScale * (cosines[c] - cosines[of])))
                .sum();
    }
}
