package dev.promptgate.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.promptgate.bundled.SampleStream;
import dev.promptgate.clip.image.ImagePreprocessor;
import dev.promptgate.clip.scoring.ClassScorer;
import dev.promptgate.clip.vision.ImageEncoder;
import dev.promptgate.learning.prompt.EmbeddingsPart;
import dev.promptgate.testing.Multipart;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;

/** A consumer that has the image encoder and class embeddings, and a classifier to compare its answers with. */
record ImageEncoderAlone(ImagePreprocessor preprocessor, ImageEncoder encoder, EmbeddingsPart classifier) {
    private static final int BATCH = 50;

    /** Images asked about; of the prompt's classes so many that the classifier stood behind its answer, and so many of these wrong. */
    record Tally(int compared, int answered, int wrong) {}

    /** Of all images the classifier at the address says the same; asked to abstain, it does so below the threshold. */
    Tally assertAnswersAs(String address, List<SampleStream.Entry> images, double threshold) throws Exception {
        ClassScorer scorer = new ClassScorer(classifier.textFeatures());
        int compared = 0;
        int answered = 0;
        int wrong = 0;
        for (int from = 0; from < images.size(); from += BATCH) {
            List<float[]> pixels = new ArrayList<>();
            Multipart form = new Multipart().field("top", "1");
            for (SampleStream.Entry entry : images.subList(from, Math.min(images.size(), from + BATCH))) {
                byte[] file = SampleStream.bytes(entry);
                pixels.add(preprocessor.preprocess(file));
                form.file(entry.file(), file);
            }
            JsonNode theirs = ask(address, form);
            for (float[] image : encoder.encode(pixels)) {
                float[] cosines = scorer.score(image);
                int nearest = ClassScorer.best(cosines, 0, cosines.length);
                JsonNode result = theirs.path("results").path(compared % BATCH);
                JsonNode label = result.path("labels").path(0);
                assertEquals(label.path("label").asText(), classifier.classes().get(nearest), theirs.toString());
                assertEquals(label.path("probability").asDouble(), probability(cosines, nearest), 1e-4);
                boolean isSure = label.path("probability").asDouble() >= threshold;
                assertEquals(isSure ? label.path("label") : NullNode.instance, result.path("label"), result.toString());
                assertEquals(isSure ? "" : "below-threshold", result.path("reason").asText());
                String truth = images.get(compared++).label();
                if (isSure && classifier.classes().contains(truth)) {
                    answered++;
                    wrong += label.path("label").asText().equals(truth) ? 0 : 1;
                }
            }
        }
        return new Tally(compared, answered, wrong);
    }

    private double probability(float[] cosines, int nearest) {
        double sum = 0;
        for (float cosine : cosines) {
            sum += Math.exp(classifier.set().source().logitScale() * (cosine - cosines[nearest]));
        }
        return 1 / sum;
    }

    private static JsonNode ask(String address, Multipart form) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(address + "/v1/classify/batch?abstain=true"))
                        .header("Content-Type", Multipart.TYPE).POST(BodyPublishers.ofByteArray(form.bytes())).build(),
                        BodyHandlers.ofString());
        assertEquals(200, answer.statusCode(), answer.body());
        return new ObjectMapper().readTree(answer.body());
    }
}
