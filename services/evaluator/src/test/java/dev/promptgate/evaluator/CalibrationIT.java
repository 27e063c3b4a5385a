package dev.promptgate.evaluator;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.scoring.ClassScorer;
import dev.promptgate.evaluator.config.EvaluatorMeters;
import dev.promptgate.learning.calibration.Calibration;
import dev.promptgate.learning.calibration.Confidences;
import dev.promptgate.learning.calibration.RiskCoverage;
import dev.promptgate.learning.prompt.PromptCalibration;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.messaging.command.GateCommand.Action;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.TestBroker;
import dev.promptgate.testing.model.BundledModelTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import org.apache.commons.math3.special.Beta;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How far prompts' probabilities can be believed, on a real broker with features of real images. */
@BrokerTest
@BundledModelTest
class CalibrationIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final List<String> CLASSES = EvaluatorRun.classes();

    private final TestBroker broker;
    private final ClipModel model;
    private EvaluatorRun run;

    CalibrationIT(TestBroker broker, ClipModel model) {
        this.broker = broker;
        this.model = model;
    }

    @BeforeEach
    void createTopics() throws Exception {
        run = new EvaluatorRun(broker, model);
    }

    @Test
    void aRolloutCarriesItsCalibrationAndARollbackThatOfTheVersionItGoesBackTo() throws Exception {
        run.push(run.images(CLASSES.subList(0, 40), Split.HELD_OUT));
        run.push(run.images(CLASSES.subList(40, 50), Split.PROBE));
        Map<String, String> settings = Map.of("evaluator.target-error", "0.5", "evaluator.max-ece-increase", "0.2");
        try (ServiceHost host = run.start(settings)) {
            run.candidate(1, run.handWritten(), CLASSES.subList(0, 40), 400);
            await().atMost(LIMIT).until(() -> run.rollouts().size() == 1);
            run.candidate(2, run.handWritten(), CLASSES.subList(0, 30), 400); // among other classes it has another temperature
            await().atMost(LIMIT).until(() -> run.rollouts().size() == 2);
            await().atMost(LIMIT).until(() -> gauge(host, "live", "temperature") == calibration(1).temperature());
            assertTrue(gauge(host, "candidate", "auroc") > 0.5 && gauge(host, "zero-shot", "ece") < 0.5);
        }
        try (ServiceHost host = run.start(settings)) {
            run.command(Action.ROLLBACK, OptionalLong.of(1), 0);
            await().atMost(LIMIT).until(() -> run.rollouts().size() == 3);
        }
        assertNotEquals(calibration(0), calibration(1));
        assertEquals(calibration(0), calibration(2), "version 1 as it was rolled out, by an evaluator that had not judged it");
        assertEquals(calibration(0).logitScale(model.logitScale()), run.embeddings().orElseThrow().source().logitScale());
        theReportTellsWhatTheRolloutCarries(run.verdicts().get(0));
    }

    private static double gauge(ServiceHost host, String prompt, String figure) {
        return host.registry().get(EvaluatorMeters.CALIBRATION.name()).tag("prompt", prompt).tag("figure", figure).gauge().value();
    }

    private PromptCalibration calibration(int rollout) throws Exception {
        return PromptCodec.decode(run.rollouts().get(rollout).value()).metadata().calibration();
    }

    private void theReportTellsWhatTheRolloutCarries(JsonNode report) throws Exception {
        assertTrue(report.path("reason").asText().startsWith("calibration error"), "the gate looked at it: " + report.path("reason"));
        assertEquals(0.2, report.path("settings").path("max_ece_increase").asDouble());
        JsonNode candidate = report.path("calibration").path("candidate");
        assertEquals(candidate, report.path("calibration").path("live"), "both are the hand-written prompt");
        assertEquals(candidate, report.path("calibration").path("zero_shot"));
        JsonNode selective = candidate.path("selective");
        assertEquals(calibration(0), new PromptCalibration(candidate.path("temperature").asDouble(),
                selective.path("threshold").asDouble(), selective.path("target_error").asDouble()));
        assertEquals(320, candidate.path("images").asInt());
        assertEquals(80, candidate.path("unseen").path("images").asInt());
        assertTrue(selective.path("error").asDouble() < 0.5 && selective.path("coverage").asDouble() > 0.1, selective.toString());
        assertEquals(report.path("candidate").path("seen").asDouble(), selective.path("accuracy_by_coverage").path(0).path(1).asDouble(),
                1e-9, "all answered");
    }

    @Test
    void onFewImagesNothingIsSaidAndWhereItIsDemandedNothingPasses() throws Exception {
        run.push(run.images(CLASSES.subList(0, 5), Split.HELD_OUT));
        Map<String, String> settings = new HashMap<>(Map.of("evaluator.min-images", "40", "evaluator.max-seen-drop", "0.3"));
        try (ServiceHost host = run.start(settings)) {
            run.candidate(1, run.handWritten(), CLASSES.subList(0, 5), 40);
            await().atMost(LIMIT).until(() -> run.rollouts().size() == 1);
        }
        assertEquals(PromptCalibration.NONE, calibration(0));
        assertTrue(run.verdicts().get(0).path("calibration").isMissingNode(), run.verdicts().get(0).toString());
        settings.put("evaluator.max-ece-increase", "0.1");
        try (ServiceHost host = run.start(settings)) {
            run.candidate(2, run.handWritten(), CLASSES.subList(0, 5), 40);
            await().atMost(LIMIT).until(() -> run.verdicts().size() == 2);
        }
        assertEquals("inconclusive", run.verdicts().get(1).path("outcome").asText());
        assertTrue(run.verdicts().get(1).path("reason").asText().startsWith("too few images to tell the calibration error"),
                run.verdicts().get(1).path("reason").asText());
    }

    /** Halves of the images, again and again: one gives temperature and threshold, the other tells what these are worth. */
    @Test
    void onImagesThatWereHeldBackTheErrorFallsAndThePromiseHolds() throws Exception {
        List<String> names = CLASSES.subList(0, 50);
        List<ImageFeature> images = new ArrayList<>(run.images(names, Split.HELD_OUT));
        ClassScorer scorer = new ClassScorer(
                model.textEncoder().features(run.handWritten(), model.textEncoder().prompts(names, run.handWritten().tokens())));
        double target = 0.3;
        double[] ece = new double[2];
        int broken = 0;
        int answers = 0;
        for (int split = 0; split < 200; split++) {
            Collections.shuffle(images, new Random(split));
            int half = images.size() / 2;
            Calibration calibration = Calibration.of(logits(images.subList(0, half), scorer), labels(images.subList(0, half), names),
                    temperature -> new double[0], target);
            float[][] others = logits(images.subList(half, images.size()), scorer);
            int[] labels = labels(images.subList(half, images.size()), names);
            Confidences calibrated = Confidences.of(others, labels, i -> calibration.temperature());
            ece[0] += Confidences.of(others, labels, i -> 1).expectedCalibrationError() / 200;
            ece[1] += calibrated.expectedCalibrationError() / 200;
            RiskCoverage risk = new RiskCoverage(calibrated);
            int answered = risk.answered(calibration.abstention().threshold());
            int wrong = risk.errors(answered);
            // Broken for certain: so many errors would be rarer than 1 in 20 if the target were the truth.
            broken += wrong > 0 && Beta.regularizedBeta(target, wrong, answered - wrong + 1.0) < 0.05 ? 1 : 0;
            answers += answered;
        }
        String figures = "ECE %.4f → %.4f, %d answers, %d of 200 broken".formatted(ece[0], ece[1], answers, broken);
        assertTrue(ece[1] < ece[0], figures);
        assertTrue(broken <= 10 && answers > 200 * 20, figures);
    }

    private float[][] logits(List<ImageFeature> images, ClassScorer scorer) {
        return images.stream().map(image -> {
            float[] logits = new float[scorer.classes()];
            scorer.score(image.feature(), model.logitScale(), logits);
            return logits;
        }).toArray(float[][]::new);
    }

    private static int[] labels(List<ImageFeature> images, List<String> names) {
        return images.stream().mapToInt(image -> names.indexOf(image.label())).toArray();
    }
}
