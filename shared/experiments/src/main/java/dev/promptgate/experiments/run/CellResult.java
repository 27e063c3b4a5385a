package dev.promptgate.experiments.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.clip.text.Context;
import dev.promptgate.experiments.protocol.Protocol.RunOutcome;
import dev.promptgate.learning.accuracy.JsonFigures;
import dev.promptgate.learning.step.Branch;
import dev.promptgate.learning.step.StepReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A finished cell: what came of it, the wall clock of training and testing, the median of a training step (NaN if there was none), and what
 * each step saw.
 */
public record CellResult(Cell cell, RunOutcome outcome, double trainSeconds, double stepMillis, List<StepReport> reports) {
    private static final ObjectMapper JSON = new ObjectMapper();

    byte[] encode() {
        ObjectNode root = JSON.createObjectNode();
        root.put("method", cell.method()).put("seed", cell.seed()).put("shots", cell.shots());
        root.put("train_seconds", trainSeconds).set("step_millis", JsonFigures.node(stepMillis));
        root.set("bytes", JsonFigures.node(outcome.bytes()));
        ObjectNode figures = root.putObject("figures");
        outcome.figures().forEach((name, value) -> figures.set(name, JsonFigures.node(value)));
        ObjectNode correct = root.putObject("correct");
        outcome.correct().forEach((name, answers) -> correct.put(name, bits(answers)));
        ArrayNode matrix = root.putArray("matrix");
        for (double[] row : outcome.matrix()) {
            ArrayNode cells = matrix.addArray();
            for (double value : row) {
                cells.add(JsonFigures.node(value));
            }
        }
        outcome.context().ifPresent(context -> {
            ObjectNode node = root.putObject("context").put("tokens", context.tokens()).put("width", context.width());
            node.set("values", JSON.valueToTree(context.values()));
        });
        ArrayNode steps = root.putArray("steps");
        for (StepReport report : reports) {
            steps.addArray().add(JsonFigures.node(report.loss())).add(JsonFigures.node(report.perturbedLoss()))
                    .add(JsonFigures.node(report.cosine())).add(report.branch().name());
        }
        try {
            return JSON.writeValueAsBytes(root);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @throws IOException if the bytes are not those of a whole cell */
    static CellResult decode(byte[] bytes) throws IOException {
        JsonNode root = JSON.readTree(bytes);
        try {
            Map<String, Double> figures = new LinkedHashMap<>();
            root.required("figures").fields().forEachRemaining(e -> figures.put(e.getKey(), JsonFigures.value(e.getValue())));
            Map<String, boolean[]> correct = new LinkedHashMap<>();
            root.required("correct").fields().forEachRemaining(e -> correct.put(e.getKey(), answers(e.getValue().asText())));
            double[][] matrix = nodes(root.required("matrix")).map(row -> nodes(row).mapToDouble(JsonFigures::value).toArray())
                    .toArray(double[][]::new);
            List<StepReport> reports = new ArrayList<>();
            root.required("steps").forEach(step -> reports.add(new StepReport(JsonFigures.value(step.get(0)),
                    JsonFigures.value(step.get(1)), JsonFigures.value(step.get(2)), Branch.valueOf(step.get(3).asText()))));
            return new CellResult(
                    new Cell(root.required("method").asText(), root.required("seed").asLong(), root.required("shots").asInt()),
                    new RunOutcome(figures, correct, matrix, context(root.path("context")), root.path("bytes").asDouble(Double.NaN)),
                    root.required("train_seconds").asDouble(),
                    JsonFigures.value(root.required("step_millis")), reports);
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new IOException("not a finished cell: " + e.getMessage(), e);
        }
    }

    private static Stream<JsonNode> nodes(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static Optional<Context> context(JsonNode node) {
        if (node.isMissingNode()) {
            return Optional.empty();
        }
        float[] flat = JSON.convertValue(node.required("values"), float[].class);
        return Optional.of(new Context(node.required("tokens").asInt(), node.required("width").asInt(), flat));
    }

    private static String bits(boolean[] answers) {
        return IntStream.range(0, answers.length).mapToObj(i -> answers[i] ? "1" : "0").collect(Collectors.joining());
    }

    private static boolean[] answers(String bits) {
        boolean[] answers = new boolean[bits.length()];
        for (int i = 0; i < answers.length; i++) {
            answers[i] = bits.charAt(i) == '1';
        }
        return answers;
    }
}
