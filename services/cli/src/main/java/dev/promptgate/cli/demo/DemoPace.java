package dev.promptgate.cli.demo;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.image.ImageRejectedException;
import dev.promptgate.encoder.config.EncoderSettings;
import dev.promptgate.evaluator.config.EvaluatorSettings;
import dev.promptgate.learner.config.LearnerSettings;
import dev.promptgate.service.settings.Setting;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * How long an image takes here, from file to feature, and the settings that fit it: batches of two seconds, and a stream that counts as
 * paused only after several of them. Otherwise every batch of a large model would be followed by an update and a measurement.
 */
record DemoPace(Duration image) {
    private static final Duration BATCH = Duration.ofSeconds(2);
    private static final int BATCHES_OF_A_PAUSE = 4;
    private static final int WARM_UP = 2;
    private static final int MOST_IMAGES = 32;

    /** By the first images of the plan, for two seconds or a little longer; an unusable image counts for nothing. */
    static DemoPace measure(ClipModel clip, DemoPlan plan) {
        Iterator<DemoPlan.Image> images = plan.images().iterator();
        long began = 0;
        int encoded = -WARM_UP;
        long nanos = 0;
        while (images.hasNext() && encoded < MOST_IMAGES && nanos < BATCH.toNanos()) {
            try {
                clip.imageEncoder().encode(List.of(clip.preprocessor().preprocess(images.next().image().bytes().read())));
            } catch (IOException | ImageRejectedException e) {
                continue; // named when it is pushed or encoded
            }
            encoded++;
            began = encoded == 0 ? System.nanoTime() : began;
            nanos = encoded > 0 ? System.nanoTime() - began : 0;
        }
        return new DemoPace(Duration.ofNanos(nanos / Math.max(1, encoded)));
    }

    Map<String, String> settings() {
        long batch = Math.max(1, Math.min(EncoderSettings.BATCH_SIZE.defaultValue(), BATCH.toNanos() / Math.max(1, image.toNanos())));
        Duration pause = image.multipliedBy(BATCHES_OF_A_PAUSE * batch);
        return Map.of(EncoderSettings.BATCH_SIZE.key(), Long.toString(batch),
                LearnerSettings.SETTLE_TIME.key(), longer(pause, LearnerSettings.SETTLE_TIME),
                EvaluatorSettings.IDLE_TIME.key(), longer(pause, EvaluatorSettings.IDLE_TIME));
    }

    private static String longer(Duration pause, Setting<Duration> setting) {
        return setting.show(pause.compareTo(setting.defaultValue()) > 0 ? pause : setting.defaultValue());
    }

    String description(long images) {
        return "an image takes %.0f ms here, so encoding will take about %s; learning and measuring come on top".formatted(
                image.toNanos() / 1e6, human(image.multipliedBy(images)));
    }

    private static String human(Duration time) {
        return time.toMinutes() < 2 ? time.toSeconds() + 1 + " s" : time.toMinutes() + " minutes";
    }
}
