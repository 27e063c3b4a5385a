package dev.promptgate.experiments.report;

import dev.promptgate.experiments.method.ContextLearner;
import dev.promptgate.experiments.run.ComparedMethod;
import dev.promptgate.learning.loss.LabelLoss;
import dev.promptgate.learning.method.ContextMethod;
import dev.promptgate.learning.method.Hyperparameter;
import dev.promptgate.learning.method.MethodSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How much hyperparameters matter: of each method that is compared at several values, the figure that counts first, over the last two that
 * vary (rows and columns), for each value of the others.
 */
record HyperparameterMaps(Summary summary, int shots) {
    /** What differs by hyperparameters alone. */
    private record Group(ContextMethod method, LabelLoss loss, double labelNoise) {
        String title() {
            return method.title() + (loss == LabelLoss.CROSS_ENTROPY ? "" : ", " + loss.key())
                    + (labelNoise == 0 ? "" : ", label noise " + Markdown.plain(labelNoise));
        }
    }

    /** Empty if no method is compared at several values. */
    String markdown() {
        Map<Group, List<ComparedMethod>> points = new LinkedHashMap<>();
        for (ComparedMethod method : summary.plan().methods()) {
            if (method.learner() instanceof ContextLearner learner) {
                Group group = new Group(learner.method().method(), learner.method().labelLoss(), method.labelNoise());
                points.computeIfAbsent(group, none -> new ArrayList<>()).add(method);
            }
        }
        return String.join("\n", points.entrySet().stream().filter(e -> e.getValue().size() > 1)
                .map(e -> maps(e.getKey().title(), e.getValue(), varied(e.getKey().method(), e.getValue()))).toList());
    }

    private static MethodSettings settings(ComparedMethod method) {
        return ((ContextLearner) method.learner()).method();
    }

    private static List<Hyperparameter> varied(ContextMethod method, List<ComparedMethod> points) {
        return method.allHyperparameters().stream().filter(known -> values(points, known).size() > 1).toList();
    }

    private static List<Double> values(List<ComparedMethod> points, Hyperparameter of) {
        return points.stream().map(point -> settings(point).get(of)).distinct().sorted().toList();
    }

    private String maps(String title, List<ComparedMethod> points, List<Hyperparameter> varied) {
        if (varied.size() > 2) {
            Hyperparameter first = varied.get(0);
            return String.join("\n", values(points, first).stream()
                    .map(value -> maps("%s, %s = %s".formatted(title, first.symbol(), Markdown.plain(value)),
                            points.stream().filter(point -> settings(point).get(first) == value).toList(),
                            varied.subList(1, varied.size())))
                    .toList());
        }
        return "**%s**: %s\n\n%s".formatted(title, figure(), table(points, varied.get(0), varied.size() > 1 ? varied.get(1) : null));
    }

    private String figure() {
        return summary.plan().protocol().figures(summary.plan().setting()).get(0);
    }

    /** One column if a single hyperparameter varies; a dash where the method takes no such combination. */
    private String table(List<ComparedMethod> points, Hyperparameter down, Hyperparameter across) {
        List<Double> columns = across == null ? List.of(Double.NaN) : values(points, across);
        List<String> header = Stream.concat(Stream.of(down.symbol()),
                columns.stream().map(value -> across == null ? figure() : across.symbol() + " = " + Markdown.plain(value))).toList();
        return Markdown.table(header, values(points, down).stream().map(row -> Stream.concat(Stream.of(Markdown.plain(row)),
                columns.stream().map(column -> points.stream().filter(point -> settings(point).get(down) == row
                        && (across == null || settings(point).get(across) == column)).findFirst()
                        .map(point -> Markdown.percent(summary.figure(point, shots, figure()))).orElse("–")))
                .toList()).toList());
    }
}
