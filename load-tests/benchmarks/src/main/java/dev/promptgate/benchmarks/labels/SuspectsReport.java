package dev.promptgate.benchmarks.labels;

import dev.promptgate.experiments.statistics.Estimate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What was measured, and the command that did it. */
public record SuspectsReport(String command, List<Detection> detections) {
    private static final List<String> SHARES = List.of("precision", "recall", "precision_at_50", "precision_at_100",
            "precision_at_100_by_self_confidence", "right_suggestions", "disagreement_precision", "disagreement_recall",
            "self_confidence_of_planted");

    /** A table of means over the seeds. */
    public String markdown() {
        StringBuilder text = new StringBuilder("""
                # Suspected labels

                `%s`

                Wrong labels are planted into training and held-out images, a share of each, and a prompt is trained on the wrong training
                labels as they are. Means over %d seeds, shares in %%. *Suspects* are by confident learning; *right* is the share of found
                errors whose suggestion is the right label; *disagreement* would call every image suspect that the prompt takes for another
                class; *own* is the mean probability that the prompt gives a planted wrong label. For training images the trained prompt is
                in sample.

                | errors | rate | prompt | images | planted | suspects | precision | recall | of the first 50 | \
                of the first 100 | the same by self-confidence | right | disagreement: precision | recall | own |
                | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
                """.formatted(command, detections.stream().map(Detection::seed).distinct().count()));
        Map<String, List<Detection>> rows = detections.stream().collect(Collectors.groupingBy(SuspectsReport::row, LinkedHashMap::new,
                Collectors.toList()));
        rows.forEach((row, runs) -> {
            text.append(row).append(" | %.0f | %.0f".formatted(mean(runs, "planted"), mean(runs, "suspects")));
            SHARES.forEach(share -> text.append(String.format(Locale.ROOT, " | %.1f", 100 * mean(runs, share))));
            text.append(" |\n");
        });
        return text.toString();
    }

    private static String row(Detection run) {
        return "| %s | %.0f%% | %s | %s".formatted(run.errors(), 100 * run.rate(), run.prompt(), run.images());
    }

    private static double mean(List<Detection> runs, String figure) {
        return Estimate.of(runs.stream().mapToDouble(run -> run.figures().get(figure)).toArray()).mean();
    }
}
