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
import java.util.Stack;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that every command shares, and the settings they come to. */
public final class CommonOptions {
    /** Takes KEY=VALUE, each key once: which of two was meant cannot be told. The value is never shown, since it may be a secret. */
    static final class Assignments implements IParameterConsumer {
        @Override
        public void consumeParameters(Stack<String> arguments, ArgSpec option, CommandSpec command) {
            String assignment = arguments.isEmpty() ? "" : arguments.pop();
            int equals = assignment.indexOf('=');
            if (equals <= 0) {
                throw new ParameterException(command.commandLine(), "--set takes KEY=VALUE; put an equals sign between setting and value");
            }
            Map<String, String> assigned = new LinkedHashMap<>(option.<Map<String, String>>getValue());
            String key = assignment.substring(0, equals);
            if (assigned.putIfAbsent(key, assignment.substring(equals + 1)) != null) {
                throw new ParameterException(command.commandLine(), "A setting stands twice; leave one [setting: %s]".formatted(key));
            }
            option.setValue(assigned);
        }
    }

    @Option(names = "--config", paramLabel = "FILE", description = "settings file: .properties, or YAML whose nesting becomes dots; "
            + "what it says without doubt is taken, and all else refused with its line")
    private Path config;

    @Option(names = "--set", paramLabel = "KEY=VALUE", parameterConsumer = Assignments.class, description = "one setting; repeat for more, "
            + "each once. 'promptgate settings' lists them")
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
