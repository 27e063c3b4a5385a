package dev.promptgate.experiments.report;

import dev.promptgate.experiments.features.FeatureSet;
import dev.promptgate.experiments.method.TrainingSettings;
import dev.promptgate.experiments.run.ComparedMethod;
import dev.promptgate.experiments.statistics.PairedDifference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

final class MarkdownReport {
    private final Summary summary;
    private final ComparedMethod reference;
    private final List<String> figures;

    MarkdownReport(Summary summary, ComparedMethod reference) {
        this.summary = summary;
        this.reference = reference;
        figures = summary.plan().protocol().figures(summary.plan().setting());
    }

    String introduction(String command) {
        FeatureSet data = summary.plan().setting().data();
        StringBuilder text = new StringBuilder("# %s on %s\n\n".formatted(summary.plan().protocol().name(), data.name()));
        text.append("Protocol **%s**: %s.\n\n".formatted(summary.plan().protocol().name(),
                summary.plan().protocol().description(summary.plan().setting())));
        text.append("```\n").append(command).append("\n```\n\n");
        MarkdownTable table = new MarkdownTable(List.of("", ""));
        table.row(List.of("data", data(data)));
        summary.plan().setting().targets().forEach(target -> table.row(List.of("target", data(target))));
        table.row(List.of("model", "fingerprint `" + summary.plan().setting().model().fingerprint() + "`"));
        table.row(List.of("shots a class", summary.plan().shots().toString().replaceAll("[\\[\\]]", "")));
        table.row(List.of("seeds", summary.plan().seeds().toString().replaceAll("[\\[\\]]", "")));
        table.row(List.of("schedule", summary.plan().schedule() == null ? "each method's own paper's"
                : schedule(summary.plan().schedule()) + "; the same for all methods but CoCoOp"));
        text.append(table).append(
                "\nValues are means over the seeds in percent, ± half of the 95% interval by Student's t; with few seeds it is wide.\n");
        if (drawsNothing(data)) {
            text.append(
                    "\nNo class has more training images than shots, so that every seed trains on the same images: seeds differ by the "
                            + "order of the batches alone, and intervals over them say no more than that.\n");
        }
        if (!summary.isComplete()) {
            text.append("\n**Not complete**: %d of %d runs are finished.\n".formatted(summary.results().finished().size(),
                    summary.plan().cells().size()));
            summary.results().failed().forEach((cell, reason) -> text.append("- failed: %s: %s\n".formatted(cell, reason)));
        }
        return text.toString();
    }

    private boolean drawsNothing(FeatureSet data) {
        int[] images = new int[data.classes().size()];
        data.train().forEach(sample -> images[sample.classIndex()]++);
        return IntStream.of(images).allMatch(n -> n <= summary.plan().shots().get(0));
    }

    private static String data(FeatureSet data) {
        String text = "%s: %d classes, %d training and %d test images".formatted(data.name(), data.classes().size(), data.train().size(),
                data.test().size());
        return data.skipped().isEmpty() ? text : text + ", %d skipped".formatted(data.skipped().size());
    }

    private static String schedule(TrainingSettings settings) {
        return "%d epochs, batch %d, peak learning rate %s by cosine after %d epoch at 1e-5, momentum %s, weight decay %s".formatted(
                settings.epochs(), settings.batch(),
                Numbers.plain(settings.learningRate()), settings.warmUpEpochs(), Numbers.plain(settings.momentum()),
                Numbers.plain(settings.weightDecay()));
    }

    /** Every figure of every method. */
    String accuracies(int shots) {
        List<String> header = new ArrayList<>(List.of("method"));
        header.addAll(figures);
        header.addAll(List.of("seeds", "training and test, s"));
        MarkdownTable table = new MarkdownTable(header);
        for (ComparedMethod method : summary.plan().methods()) {
            List<String> row = new ArrayList<>(List.of(method.title()));
            figures.forEach(figure -> row.add(Numbers.percent(summary.figure(method, shots, figure))));
            row.add(Integer.toString(summary.cells(method, shots).size()));
            row.add(Numbers.number("%.1f", summary.over(method, shots, cell -> cell.trainSeconds()).mean()));
            table.row(row);
        }
        return table.toString();
    }

    /** Every figure of every method minus the reference's, with the tests; a table a figure. */
    String differences(int shots) {
        StringBuilder text = new StringBuilder(
                "In points, on the same seeds and images. Over seeds: ± half of the 95% interval, and a paired t-test: would other "
                        + "shots and batches say the same? "
                        + "Over images, each averaged over the seeds, likewise: would other test images? A p-value is for one "
                        + "difference alone: of twenty that are nothing but noise, one falls below 0.05.\n");
        for (String figure : figures) {
            MarkdownTable table = new MarkdownTable(
                    List.of(figure, "difference, ± over seeds", "p over seeds", "± over images", "p over images"));
            summary.plan().methods().stream().filter(method -> !method.equals(reference)).forEach(method -> {
                List<String> row = new ArrayList<>(List.of(method.title()));
                row.addAll(difference(summary.difference(method, reference, shots, figure)));
                table.row(row);
            });
            text.append("\n").append(table);
        }
        return text.toString();
    }

    private static List<String> difference(Optional<PairedDifference> difference) {
        return difference
                .map(d -> List.of(Numbers.points(d.overSeeds()), Numbers.pValue(d.seedsP()),
                        Numbers.number("%.2f", 100 * d.overImages().halfWidth()), Numbers.pValue(d.imagesP())))
                .orElse(List.of("–", "–", "–", "–"));
    }

    String costs(Map<String, Double> stepMillis) {
        double coop = stepMillis.getOrDefault("coop", Double.NaN);
        MarkdownTable table = new MarkdownTable(List.of("method", "ms a step", "times CoOp's"));
        summary.plan().methods().stream().filter(method -> stepMillis.containsKey(method.name()))
                .forEach(method -> table.row(List.of(method.title(),
                        Numbers.number("%.1f", stepMillis.get(method.name())),
                        Numbers.number("%.2f", stepMillis.get(method.name()) / coop))));
        return table.toString();
    }
}
