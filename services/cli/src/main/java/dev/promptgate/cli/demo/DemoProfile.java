package dev.promptgate.cli.demo;

import dev.promptgate.classifier.config.ClassifierSettings;
import dev.promptgate.console.config.ConsoleSettings;
import dev.promptgate.learner.config.LearnerSettings;
import dev.promptgate.service.api.ApiSettings;
import dev.promptgate.service.settings.HttpSettings;
import dev.promptgate.service.settings.KafkaSettings;
import java.util.Map;

/**
 * The settings in which the demo departs from the defaults; --set, the environment and --config override them.
 *
 * <p>The learning rate is ten times the paper's: an update has 100 steps where the paper trains 200 epochs, and the bundled model is
 * small; at 0.002 its prompts hardly move. One partition makes the order of records, and so the verdicts, the same at every run.
 */
final class DemoProfile {
    private DemoProfile() {}

    static Map<String, String> settings(String bootstrapServers, long seed, DemoToken token) {
        return Map.of(
                KafkaSettings.BOOTSTRAP_SERVERS.key(), bootstrapServers,
                KafkaSettings.PARTITIONS.key(), "1",
                HttpSettings.PORT.key(), "0",
                ClassifierSettings.PORT.key(), "0",
                ClassifierSettings.SHADOW.key(), "true",
                ConsoleSettings.PORT.key(), "0",
                ApiSettings.TOKEN.key(), token.drawn(),
                LearnerSettings.LEARNING_RATE.key(), "0.02",
                LearnerSettings.SEED.key(), Long.toString(seed));
    }
}
