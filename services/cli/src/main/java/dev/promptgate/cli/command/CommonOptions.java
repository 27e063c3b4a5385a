package dev.promptgate.cli.command;

import dev.promptgate.cli.model.ModelOptions;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.service.secrets.SecretMask;
import dev.promptgate.service.settings.KafkaSettings;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.Setting;
import dev.promptgate.service.settings.SettingsSources;
import dev.promptgate.service.settings.SettingsValues;
import dev.promptgate.service.settings.file.SettingsFile;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that every command shares, and the settings they come to. */
public final class CommonOptions {
    @Option(names = "--config", paramLabel = "FILE", description = "settings file: .properties, or YAML whose nesting becomes dots; "
            + "what it says without doubt is taken, and all else refused with its line")
    private Path config;

    @Option(names = "--set", paramLabel = "KEY=VALUE", parameterConsumer = SettingAssignments.class, description = "one setting; repeat for more, each once. 'promptgate settings' lists them")
    private Map<String, String> set = new LinkedHashMap<>();

    @Option(names = "--bootstrap-servers", paramLabel = "HOST:PORT", description = "Kafka brokers (kafka.bootstrap-servers)")
    private String bootstrapServers;

    @Option(names = "--topic-prefix", paramLabel = "PREFIX", description = "put before every topic's name (topics.prefix)")
    private String topicPrefix;

    @Option(names = "--prompt", paramLabel = "NAME", description = "name of the prompt (prompt.name)")
    private String prompt;

    @Option(names = "--verbose", description = "stack traces with errors")
    private boolean verbose;

    /** The settings of file, environment and command line. From now on logs and errors mask every secret among them. */
    public SettingsValues resolve() {
        return resolve(Map.of(), Map.of());
    }

    /** The same, with a profile of values that count less than the file's, and further settings given as options. */
    public SettingsValues resolve(Map<String, String> profile, Map<String, String> options) {
        SettingsFile file = config == null ? SettingsFile.NONE : KnownSettings.catalogue().read(config);
        Map<String, String> commandLine = new HashMap<>(options);
        put(commandLine, KafkaSettings.BOOTSTRAP_SERVERS, bootstrapServers);
        put(commandLine, KafkaSettings.PREFIX, topicPrefix);
        put(commandLine, PromptSettings.NAME, prompt);
        commandLine.putAll(set);
        SettingsSources sources = new SettingsSources(commandLine, System.getenv(), file, profile);
        KnownSettings.catalogue().teach(SecretMask.ofProcess(), sources); // before anything can fail and say why
        Optional.ofNullable(System.getenv(ModelOptions.HUB_TOKEN))
                .ifPresent(token -> SecretMask.ofProcess().learn(ModelOptions.HUB_TOKEN, token));
        return KnownSettings.catalogue().resolve(sources);
    }

    /** Sets what an option stands for, if it was given. */
    public static void put(Map<String, String> settings, Setting<?> setting, Object option) {
        if (option != null) {
            settings.put(setting.key(), option.toString());
        }
    }

    public static KafkaClients clients(SettingsValues values) {
        return new KafkaClients(values.get(KafkaSettings.BOOTSTRAP_SERVERS), values.under(KafkaSettings.PROPERTY_PREFIX),
                values.get(KafkaSettings.MAX_IMAGE_BYTES) + (64 << 10));
    }

    public static TopicNames topics(SettingsValues values) {
        return new TopicNames(values.get(KafkaSettings.PREFIX));
    }
}
