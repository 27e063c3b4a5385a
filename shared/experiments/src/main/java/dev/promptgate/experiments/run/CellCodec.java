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

/** Finished cells as JSON; NaN is null. */
final class CellCodec {
    private static final ObjectMapper JSON = new ObjectMapper();

    private CellCodec() {}

    static byte[] encode(CellResult result) {
        ObjectNode root = JSON.createObjectNode();
        root.put("method", result.cell().method()).put("seed", result.cell().seed()).put("shots", result.cell().shots());
        root.put("train_seconds", result.trainSeconds()).set("step_millis", JsonFigures.node(result.stepMillis()));
        ObjectNode figures = root.putObject("figures");
        result.outcome().figures().forEach((name, value) -> figures.set(name, JsonFigures.node(value)));
        ObjectNode correct = root.putObject("correct");
        result.outcome().correct().forEach((name, answers) -> correct.put(name, bits(answers)));
        ArrayNode matrix = root.putArray("matrix");
        for (double[] row : result.outcome().matrix()) {
            ArrayNode cells = matrix.addArray();
            for (double value : row) {
                cells.add(JsonFigures.node(value));
            }
        }
        result.outcome().context().ifPresent(context -> {
            ObjectNode node = root.putObject("context").put("tokens", context.tokens()).put("width", context.width());
            ArrayNode values = node.putArray("values");
            for (float value : context.values()) {
                values.add(value);
            }
        });
        ArrayNode steps = root.putArray("steps");
        for (StepReport report : result.reports()) {
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
            JsonNode rows = root.required("matrix");
            double[][] matrix = new double[rows.size()][];
            for (int i = 0; i < matrix.length; i++) {
                matrix[i] = new double[rows.get(i).size()];
                for (int j = 0; j < matrix[i].length; j++) {
                    matrix[i][j] = JsonFigures.value(rows.get(i).get(j));
                }
            }
            List<StepReport> reports = new ArrayList<>();
            root.required("steps").forEach(step -> reports.add(new StepReport(JsonFigures.value(step.get(0)),
                    JsonFigures.value(step.get(1)), JsonFigures.value(step.get(2)), Branch.valueOf(step.get(3).asText()))));
            return new CellResult(
                    new Cell(root.required("method").asText(), root.required("seed").asLong(), root.required("shots").asInt()),
                    new RunOutcome(figures, correct, matrix, context(root.path("context"))), root.required("train_seconds").asDouble(),
                    JsonFigures.value(root.required("step_millis")), reports);
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new IOException("not a finished cell: " + e.getMessage(), e);
        }
    }

    private static Optional<Context> context(JsonNode node) {
        if (node.isMissingNode()) {
            return Optional.empty();
        }
        JsonNode values = node.required("values");
        float[] flat = new float[values.size()];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = values.get(i).floatValue();
        }
        return Optional.of(new Context(node.required("tokens").asInt(), node.required("width").asInt(), flat));
    }

    private static String bits(boolean[] answers) {
        StringBuilder bits = new StringBuilder(answers.length);
        for (boolean answer : answers) {
            bits.append(answer ? '1' : '0');
        }
        return bits.toString();
    }

    private static boolean[] answers(String bits) {
        boolean[] answers = new boolean[bits.length()];
        for (int i = 0; i < answers.length; i++) {
            answers[i] = bits.charAt(i) == '1';
        }
        return answers;
    }
}
