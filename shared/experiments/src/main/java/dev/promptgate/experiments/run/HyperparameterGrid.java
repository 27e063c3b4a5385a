package dev.promptgate.experiments.run;

import dev.promptgate.experiments.method.ContextLearner;
import dev.promptgate.learning.method.Hyperparameter;
import dev.promptgate.learning.method.MethodSettings;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.lang3.math.NumberUtils;

/**
 * Values that hyperparameters are to be compared at, for a map of how much they matter: every method that has one of them stands at each
 * combination of the values of those that it has.
 */
public record HyperparameterGrid(Map<Hyperparameter, List<Double>> values) {
    /**
     * From lines such as {@code rho=0.05,0.1}, by the names of the learner's settings.
     *
     * @throws IllegalArgumentException for a line that is none, or that names a hyperparameter that is not known, or one twice
     */
    public static HyperparameterGrid of(List<String> lines) {
        Map<Hyperparameter, List<Double>> values = new LinkedHashMap<>();
        for (String line : lines) {
            String[] parts = line.split("=", 2);
            if (parts.length < 2 || values.put(named(parts[0]), numbers(parts[1], line)) != null) {
                throw new IllegalArgumentException("A hyperparameter's values are given once, as NAME=VALUE,VALUE [given: " + line + "]");
            }
        }
        return new HyperparameterGrid(values);
    }

    private static Hyperparameter named(String name) {
        List<Hyperparameter> known = Stream.of(Hyperparameter.values()).filter(Hyperparameter::isSetting).toList();
        return known.stream().filter(hyperparameter -> hyperparameter.key().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no such hyperparameter; known are %s [name: %s]"
                        .formatted(known.stream().map(Hyperparameter::key).collect(Collectors.joining(", ")), name)));
    }

    private static List<Double> numbers(String text, String line) {
        List<Double> numbers = Arrays.stream(text.split(",", -1)).map(number -> NumberUtils.toDouble(number, Double.NaN)).distinct()
                .toList();
        if (!numbers.stream().allMatch(Double::isFinite)) {
            throw new IllegalArgumentException("A hyperparameter's values must be numbers with commas between [given: " + line + "]");
        }
        return numbers;
    }

    /**
     * The methods, those that have a hyperparameter of the grid replaced by their points. Combinations that a method refuses, such as
     * bounds in the wrong order, are left out.
     *
     * @throws IllegalArgumentException if a method has no point that it takes
     */
    public List<ComparedMethod> over(List<ComparedMethod> methods) {
        return methods.stream().flatMap(method -> points(method).stream()).toList();
    }

    private List<ComparedMethod> points(ComparedMethod method) {
        if (!(method.learner() instanceof ContextLearner learner)) {
            return List.of(method);
        }
        List<Hyperparameter> varied = learner.method().method().allHyperparameters().stream().filter(values::containsKey).toList();
        List<ComparedMethod> points = combinations(varied).flatMap(point -> at(method, learner.method(), point).stream()).toList();
        if (points.isEmpty()) {
            throw new IllegalArgumentException("The method takes none of these values together [method: %s, values: %s]"
                    .formatted(method.name(), varied.stream().map(known -> known.key() + "=" + values.get(known)).toList()));
        }
        return points;
    }

    private Stream<Map<Hyperparameter, Double>> combinations(List<Hyperparameter> varied) {
        if (varied.isEmpty()) {
            return Stream.of(Map.of());
        }
        Hyperparameter last = varied.get(varied.size() - 1);
        return combinations(varied.subList(0, varied.size() - 1)).flatMap(point -> values.get(last).stream().map(value -> {
            Map<Hyperparameter, Double> longer = new LinkedHashMap<>(point);
            longer.put(last, value);
            return longer;
        }));
    }

    private static Optional<ComparedMethod> at(ComparedMethod method, MethodSettings defaults, Map<Hyperparameter, Double> point) {
        if (point.isEmpty()) {
            return Optional.of(method);
        }
        try {
            MethodSettings settings = new MethodSettings(defaults.method(), point, defaults.labelLoss());
            String name = point.entrySet().stream().map(e -> "-%s-%s".formatted(e.getKey().key(), plain(e.getValue())))
                    .collect(Collectors.joining("", method.name(), ""));
            String title = point.entrySet().stream().map(e -> ", %s %s".formatted(e.getKey().symbol(), plain(e.getValue())))
                    .collect(Collectors.joining("", method.title(), ""));
            return Optional.of(new ComparedMethod(name, title, settings.describe(), method.source(), method.schedule(),
                    new ContextLearner(settings)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
