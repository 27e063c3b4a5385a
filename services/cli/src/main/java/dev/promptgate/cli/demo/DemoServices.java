package dev.promptgate.cli.demo;

import dev.promptgate.classifier.ClassifierVerticle;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.console.ConsoleVerticle;
import dev.promptgate.console.config.ConsoleSettings;
import dev.promptgate.encoder.EncoderVerticle;
import dev.promptgate.evaluator.EvaluatorVerticle;
import dev.promptgate.ingest.IngestVerticle;
import dev.promptgate.learner.LearnerVerticle;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.service.settings.SettingsValues;
import java.util.Map;
import java.util.function.Function;

/** Every service on one host, sharing one model; the console asks the classifier beside it. */
final class DemoServices {
    private final ClassifierVerticle classifier;
    private final IngestVerticle ingest;
    private ConsoleVerticle console;

    private DemoServices(ClassifierVerticle classifier, IngestVerticle ingest) {
        this.classifier = classifier;
        this.ingest = ingest;
    }

    /** Starts them, with the settings that come of some more options, and waits until they are deployed. */
    static DemoServices start(Function<Map<String, String>, SettingsValues> settings, KafkaClients clients, TopicNames topics,
            ClipModel clip, ServiceHost host) {
        SettingsValues values = settings.apply(Map.of());
        DemoServices services = new DemoServices(new ClassifierVerticle(values, clients, topics, clip, host),
                new IngestVerticle(values, clients, topics, host));
        host.start(() -> new EncoderVerticle(values, clients, topics, clip, host),
                () -> new LearnerVerticle(values, clients, topics, clip, host),
                () -> new EvaluatorVerticle(values, clients, topics, clip, host), () -> services.classifier,
                () -> services.ingest,
                () -> services.consoleBesideTheClassifier(settings, clients, topics, host)).await();
        return services;
    }

    /** Made when the classifier's port is known. */
    private ConsoleVerticle consoleBesideTheClassifier(Function<Map<String, String>, SettingsValues> settings, KafkaClients clients,
            TopicNames topics, ServiceHost host) {
        console = new ConsoleVerticle(settings.apply(Map.of(ConsoleSettings.CLASSIFIER_URL.key(), classifier.address())), clients, topics,
                host);
        return console;
    }

    String classifierAddress() {
        return classifier.address();
    }

    String ingestAddress() {
        return ingest.address();
    }

    String consoleAddress() {
        return console.address();
    }
}
