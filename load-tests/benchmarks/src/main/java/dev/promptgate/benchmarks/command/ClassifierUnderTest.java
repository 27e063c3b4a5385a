package dev.promptgate.benchmarks.command;

import dev.promptgate.benchmarks.model.RandomModel;
import dev.promptgate.classifier.ClassifierService;
import dev.promptgate.classifier.config.ClassifierSettings;
import dev.promptgate.cli.command.ServiceCommands;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.service.settings.SettingsValues;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The classifier as {@code promptgate classifier} runs it, with a model of random weights: what {@code bench classify} starts. */
@Command(name = ClassifierUnderTest.NAME, hidden = true, mixinStandardHelpOptions = true, description = "The classifier with random "
        + "weights, for 'bench classify'.")
public final class ClassifierUnderTest extends ServiceCommands.Service {
    static final String NAME = "classifier-under-test";

    @Option(names = "--shape", required = true)
    private String shape;

    @Option(names = "--port", required = true)
    private int port;

    ClassifierUnderTest() {
        super(ClassifierService::verticle);
    }

    @Override
    protected ClipModel load(SettingsValues values) {
        return RandomModel.load(shape, values);
    }

    @Override
    protected Map<String, String> more() {
        return Map.of(ClassifierSettings.PORT.key(), Integer.toString(port));
    }
}
