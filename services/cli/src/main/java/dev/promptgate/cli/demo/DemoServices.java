package dev.promptgate.cli.demo;

import dev.promptgate.classifier.ClassifierService;
import dev.promptgate.classifier.ClassifierVerticle;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.console.ConsoleService;
import dev.promptgate.console.ConsoleVerticle;
import dev.promptgate.console.config.ConsoleSettings;
import dev.promptgate.encoder.EncoderService;
import dev.promptgate.evaluator.EvaluatorService;
import dev.promptgate.learner.LearnerService;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.service.settings.SettingsValues;
import io.vertx.core.Deployable;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** Every service on one host, sharing one model; the console asks the classifier beside it. */
final class DemoServices {
    private final ClassifierVerticle classifier;
    private ConsoleVerticle console;

    private DemoServices(ClassifierVerticle classifier) {
        this.classifier = classifier;
    }

    /** Starts them, with the settings that come of some more options, and waits until they are deployed. */
    static DemoServices start(Function<Map<String, String>, SettingsValues> settings, KafkaClients clients, TopicNames topics,
            ClipModel clip, ServiceHost host) {
        SettingsValues values = settings.apply(Map.of());
        DemoServices services = new DemoServices(ClassifierService.verticle(values, clients, topics, clip, host).get());
        host.start(List.<Supplier<? extends Deployable>>of(EncoderService.verticle(values, clients, topics, clip, host),
                LearnerService.verticle(values, clients, topics, clip, host),
                EvaluatorService.verticle(values, clients, topics, clip, host), () -> services.classifier,
                () -> services.consoleBesideTheClassifier(settings, clients, topics, host))).await();
        return services;
    }

    /** Made when the classifier's port is known. */
    private ConsoleVerticle consoleBesideTheClassifier(Function<Map<String, String>, SettingsValues> settings, KafkaClients clients,
            TopicNames topics, ServiceHost host) {
        console = ConsoleService
                .verticle(settings.apply(Map.of(ConsoleSettings.CLASSIFIER_URL.key(), classifier.address())), clients, topics, host).get();
        return console;
    }

    String classifierAddress() {
        return classifier.address();
    }

    String consoleAddress() {
        return console.address();
    }
}
