package dev.promptgate.cli.command;

import dev.promptgate.classifier.config.ClassifierSettings;
import dev.promptgate.console.config.ConsoleSettings;
import dev.promptgate.encoder.config.EncoderSettings;
import dev.promptgate.evaluator.config.EvaluatorSettings;
import dev.promptgate.ingest.config.IngestSettings;
import dev.promptgate.learner.config.LearnerSettings;
import dev.promptgate.objectstore.S3Settings;
import dev.promptgate.references.ReferenceSettings;
import dev.promptgate.service.api.ApiSettings;
import dev.promptgate.service.settings.HttpSettings;
import dev.promptgate.service.settings.ImageSettings;
import dev.promptgate.service.settings.KafkaSettings;
import dev.promptgate.service.settings.ModelSettings;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.Setting;
import dev.promptgate.service.settings.SettingsCatalogue;
import dev.promptgate.service.settings.TrustSettings;
import java.util.List;
import java.util.stream.Stream;

/** Every setting of every service: one file can configure them all. */
public final class KnownSettings {
    private KnownSettings() {}

    /** The catalogue, in the order of the table. */
    public static SettingsCatalogue catalogue() {
        List<Setting<?>> all = Stream.of(KafkaSettings.ALL, ImageSettings.ALL, PromptSettings.ALL, TrustSettings.ALL, ModelSettings.ALL,
                HttpSettings.ALL, ApiSettings.ALL, EncoderSettings.ALL, ReferenceSettings.ALL, S3Settings.ALL, LearnerSettings.ALL,
                EvaluatorSettings.ALL, ClassifierSettings.ALL, IngestSettings.ALL, ConsoleSettings.ALL)
                .<Setting<?>>flatMap(group -> group.all().stream())
                .toList();
        return new SettingsCatalogue(all, List.of(KafkaSettings.PROPERTY_PREFIX), KafkaSettings::isSecretProperty);
    }
}
