package dev.promptgate.testing;

import dev.promptgate.embeddedkafka.EmbeddedKafka;
import java.time.Duration;
import java.util.Locale;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A broker that this JVM started. Whoever started it closes it; a container also ends with a JVM that does not get that far.
 *
 * @param why it is of this kind, as a clause
 */
record RunningBroker(TestBroker broker, String why, AutoCloseable stop) implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(1);

    static RunningBroker start(BrokerChoice choice) {
        if (choice == BrokerChoice.EMBEDDED) {
            return embedded("asked for");
        }
        try {
            return container();
        } catch (NoContainerException e) {
            if (choice == BrokerChoice.CONTAINER) {
                throw new IllegalStateException("No broker in a container: " + e.getMessage(), e);
            }
            return embedded(e.getMessage());
        }
    }

    private static RunningBroker embedded(String why) {
        EmbeddedKafka kafka = EmbeddedKafka.start();
        return new RunningBroker(new TestBroker(kafka.bootstrapServers(), "embedded"), why, kafka);
    }

    private static RunningBroker container() throws NoContainerException {
        if (!engineAnswers()) {
            throw new NoContainerException("no Docker engine answers");
        }
        DockerImageName image = KafkaImage.find(DockerClientFactory.instance().client());
        KafkaContainer container = new KafkaContainer(image).withStartupTimeout(START_LIMIT).withStartupAttempts(2);
        EmbeddedKafka.singleNode()
                .forEach((name, value) -> container.withEnv("KAFKA_" + name.toUpperCase(Locale.ROOT).replace('.', '_'), value));
        Runtime.getRuntime().addShutdownHook(new Thread(container::close, "stop-kafka-container"));
        try {
            container.start();
        } catch (RuntimeException e) {
            container.close();
            throw new NoContainerException("the image " + image + " does not start", e);
        }
        return new RunningBroker(new TestBroker(container.getBootstrapServers(), "container"), "image " + image, container::close);
    }

    private static boolean engineAnswers() throws NoContainerException {
        try {
            return DockerClientFactory.instance().isDockerAvailable();
        } catch (RuntimeException e) { // it answers, but Testcontainers' own containers (Ryuk) cannot be had
            throw new NoContainerException("Testcontainers cannot use the Docker engine", e);
        }
    }

    @Override
    public void close() throws Exception {
        stop.close();
    }
}
