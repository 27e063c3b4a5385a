package dev.promptgate.benchmarks.measure;

import com.fasterxml.jackson.databind.JsonNode;
import dev.promptgate.benchmarks.measure.ClassifyLoad.Answer;
import dev.promptgate.bundled.SampleStream;
import dev.promptgate.clip.ClipModel;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.apache.commons.math3.stat.descriptive.rank.Percentile.EstimationType;

/**
 * A classifier under load against the bare image encoder of the same model. Blocking.
 *
 * @param images timed at saturation
 * @param batchSize of classifier and bare encoder
 * @param seconds of the load at half of that
 * @param batchDelay for which the classifier waits until a batch is full
 */
public record ClassifyBenchmark(ClipModel clip, ClassifyLoad load, int images, int batchSize, double seconds, Duration batchDelay) {
    /** @param name of the model, for the reader */
    public Map<String, Object> measure(String name) throws Exception {
        awaitPrompt();
        BareEncoder bare = new BareEncoder(clip, batchSize);
        List<float[]> pixels = bare.preprocess(SampleStream.files(images));
        bare.imagesPerSecond(pixels.subList(0, Math.min(images, 2 * batchSize)));
        load.saturate(Math.min(images, 8 * batchSize)); // warms up
        double before = bare.imagesPerSecond(pixels);
        List<Answer> saturated = load.saturate(images);
        double after = bare.imagesPerSecond(pixels);
        double float32 = bare.float32ImagesPerSecond(pixels);
        double encoder = (before + after) / 2; // the machine's speed drifts: bare on both sides
        double throughput = perSecond(saturated);
        List<Answer> half = load.steady(throughput / 2, seconds);
        double budget = batchDelay.toMillis() + 2000.0 * batchSize / encoder + bare.decodeMillis();
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("shape", name);
        figures.put("batch_size", batchSize);
        figures.put("images", images);
        figures.put("precision", clip.precision().word());
        figures.put("bare_float32_images_per_second", float32);
        figures.put("bare_images_per_second", encoder);
        figures.put("classifier_images_per_second", throughput);
        figures.put("ratio_to_float32", throughput / float32);
        figures.put("ratio", throughput / encoder);
        figures.put("decode_ms", bare.decodeMillis());
        figures.put("half_load_per_second", throughput / 2);
        figures.put("half_load_p50_ms", percentile(half, 50));
        figures.put("half_load_p99_ms", percentile(half, 99));
        figures.put("delay_budget_ms", budget);
        figures.put("within_budget", percentile(half, 99) <= budget);
        figures.put("failed", failures(saturated) + failures(half));
        return figures;
    }

    private void awaitPrompt() throws Exception {
        JsonNode prompt = load.prompt();
        for (int i = 0; prompt == null && i < 600; i++) {
            Thread.sleep(100);
            prompt = load.prompt();
        }
        String theirs = prompt == null ? "not ready" : prompt.path("model").asText();
        if (!theirs.equals(clip.fingerprint())) {
            throw new IllegalArgumentException(("The classifier is not ready, or has another model than this benchmark; give both the same "
                    + "--model or --shape [theirs: %s, ours: %s]").formatted(theirs, clip.fingerprint()));
        }
    }

    /** What became of the requests at a rate while a rollout comes every second. */
    public Map<String, Object> underRollouts(RolloutsUnderLoad writer, double rate) throws Exception {
        FutureTask<List<Answer>> answers = new FutureTask<>(() -> load.steady(rate, seconds));
        new Thread(answers, "bench-load").start();
        writer.everySecond(seconds);
        List<Answer> all = answers.get();
        Map<String, Object> figures = writer.verdict(all);
        figures.put("p99_ms", percentile(all, 99));
        return figures;
    }

    private static long failures(List<Answer> answers) {
        return answers.stream().filter(answer -> !answer.failure().isEmpty()).count();
    }

    private static double perSecond(List<Answer> answers) {
        long begin = answers.stream().mapToLong(Answer::sentNanos).min().orElseThrow();
        long end = answers.stream().mapToLong(Answer::endNanos).max().orElseThrow();
        return (answers.size() - failures(answers)) / ((end - begin) / 1e9);
    }

    private static double percentile(List<Answer> answers, double percent) {
        double[] millis = answers.stream().mapToDouble(answer -> (answer.endNanos() - answer.dueNanos()) / 1e6).toArray();
        return new Percentile(percent).withEstimationType(EstimationType.R_1).evaluate(millis);
    }
}
