package dev.promptgate.cli.inspect;

import dev.promptgate.bundled.SampleStream;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.failure.ModelException;
import dev.promptgate.clip.image.ImageRejectedException;
import dev.promptgate.learner.config.LearnerSettings;
import dev.promptgate.learning.loss.Objective;
import dev.promptgate.service.settings.SettingsValues;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.apache.commons.math3.stat.descriptive.rank.Median;

/** Encodes an image and a prompt and takes steps of learning: what comes out is checked, what it takes is timed. */
record ModelTrial(ClipModel clip) {
    private static final int ROUNDS = 5;
    private static final int STEP_ROUNDS = 3;
    private static final String PROMPT = "a photo of a cat.";
    private static final double UNIT_TOLERANCE = 1e-2; // of float16's precision; a broken model is far beyond

    /** @throws ModelException if the model gives no usable features */
    Map<String, Object> run(int classes, SettingsValues values) {
        byte[] image = SampleStream.files(1).get(0);
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("image_ms", median(ROUNDS, () -> check("image", encode(image))));
        if (clip.textEncoder().hasTokenizer()) {
            figures.put("prompt_ms", median(ROUNDS, () -> check("prompt", clip.textEncoder().encode(List.of(PROMPT))[0])));
        }
        int batch = values.get(LearnerSettings.BATCH);
        RandomStep step = RandomStep.of(clip, classes, batch);
        Objective objective = step.objective(clip, values.get(LearnerSettings.CLASSES_PER_STEP));
        double millis = median(STEP_ROUNDS, () -> step.take(objective));
        figures.put("gcscoop_step_ms", millis);
        figures.put("gcscoop_step", "%d classes, batch %d".formatted(classes, batch));
        figures.put("update_s", rounded(millis * values.get(LearnerSettings.STEPS) / 1e3));
        figures.put("update", "%d steps (learner.steps)".formatted(values.get(LearnerSettings.STEPS)));
        return figures;
    }

    private float[] encode(byte[] image) {
        try {
            return clip.imageEncoder().encode(List.of(clip.preprocessor().preprocess(image)))[0];
        } catch (ImageRejectedException e) {
            throw new IllegalStateException("The bundled image cannot be read", e);
        }
    }

    private void check(String what, float[] feature) {
        double length = Math.sqrt(DoubleStream.of(doubles(feature)).map(x -> x * x).sum());
        if (!(Math.abs(length - 1) < UNIT_TOLERANCE)) {
            throw new ModelException("The model's feature of a %s is no unit vector: its weights are broken [length: %s, fingerprint: %s]"
                    .formatted(what, length, clip.fingerprint()));
        }
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        Arrays.setAll(doubles, i -> values[i]);
        return doubles;
    }

    /** Milliseconds, after one round that warms up. */
    private static double median(int rounds, Runnable work) {
        work.run();
        double[] millis = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            long began = System.nanoTime();
            work.run();
            millis[i] = (System.nanoTime() - began) / 1e6;
        }
        return rounded(new Median().evaluate(millis));
    }

    /** To three figures: no two runs agree in more. */
    private static double rounded(double value) {
        return new BigDecimal(value).round(new MathContext(3)).doubleValue();
    }
}
