package dev.promptgate.cli.demo;

import dev.promptgate.classifier.config.ClassifierSettings;
import dev.promptgate.console.config.ConsoleSettings;
import dev.promptgate.evaluator.config.EvaluatorSettings;
import dev.promptgate.ingest.config.IngestSettings;
import dev.promptgate.learner.config.LearnerSettings;
import dev.promptgate.learner.config.LearnerSettings.LateUpdates;
import dev.promptgate.learning.continual.LearningSettings.WarmStart;
import dev.promptgate.messaging.record.WireName;
import dev.promptgate.service.api.ApiSettings;
import dev.promptgate.service.settings.HttpSettings;
import dev.promptgate.service.settings.KafkaSettings;
import dev.promptgate.service.settings.SettingsValues;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The settings in which the demo departs from the defaults; --set, the environment and --config override them.
 *
 * <p>One partition makes the order of records the same at every run, and updates that do not merge when they are late make the verdicts so,
 * too. With incidents every update starts from the hand-written prompt, so that none starts from a candidate that failed, and comes with
 * newly labelled classes, not for each 256 images that are sent again; the cool-down fits a stream that plays days in seconds.
 */
final class DemoProfile {
    private static final int TOKEN_BYTES = 18;

    /** Used where the user gives none: drawn anew at every start, and shown, since it opens nothing but what runs here meanwhile. */
    private final String token;
    private final Map<String, String> settings;

    DemoProfile(long seed, boolean hasIncidents) {
        byte[] bytes = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(bytes);
        token = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        settings = new HashMap<>(Map.of(
                KafkaSettings.PARTITIONS.key(), "1",
                HttpSettings.PORT.key(), "0",
                ClassifierSettings.PORT.key(), "0",
                ClassifierSettings.SHADOW.key(), "true",
                IngestSettings.PORT.key(), "0",
                ConsoleSettings.PORT.key(), "0",
                ApiSettings.TOKEN.key(), token,
                LearnerSettings.LATE_UPDATES.key(), WireName.of(LateUpdates.EACH),
                LearnerSettings.SEED.key(), Long.toString(seed)));
        if (hasIncidents) {
            settings.putAll(Map.of(
                    LearnerSettings.WARM_START.key(), WireName.of(WarmStart.INITIAL),
                    LearnerSettings.REFRESH_EVERY.key(), Integer.toString(Integer.MAX_VALUE),
                    EvaluatorSettings.COOL_DOWN.key(), "5s"));
        }
    }

    /** Fits the settings to how fast the model is here. */
    void fit(DemoPace pace) {
        settings.putAll(pace.settings());
    }

    Map<String, String> settings(String bootstrapServers) {
        settings.put(KafkaSettings.BOOTSTRAP_SERVERS.key(), bootstrapServers);
        return settings;
    }

    /** What follows the console's address so that the page has the token; a token that the user gave is not shown. */
    String fragment(SettingsValues values) {
        return new ApiSettings(values).token().equals(Optional.of(token)) ? "/#token=" + token : "/";
    }
}
