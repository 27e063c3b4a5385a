package dev.promptgate.testing;

import dev.promptgate.embeddedkafka.EmbeddedKafka;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/** Starts one broker for all test classes of a JVM, and stops it when they are done. */
final class BrokerExtension implements ParameterResolver {
    private static final DockerImageName IMAGE = DockerImageName.parse("apache/kafka:4.2.0");
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(BrokerExtension.class);

    /** A running broker and how to stop it. */
    private record Running(TestBroker broker, AutoCloseable stop) implements AutoCloseable {
        @Override
        public void close() throws Exception {
            stop.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestBroker.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot().getStore(NAMESPACE).getOrComputeIfAbsent("broker", key -> start(), Running.class).broker();
    }

    private static Running start() {
        String choice = System.getProperty("promptgate.test.broker", "auto");
        Running running = choice.equals("container") || choice.equals("auto") && DockerClientFactory.instance().isDockerAvailable()
                ? container(choice.equals("auto")) : embedded();
        System.out.printf("Tests use the %s Kafka broker at %s%n", running.broker().kind(), running.broker().bootstrapServers());
        return running;
    }

    private static Running container(boolean mayFallBack) {
        KafkaContainer container = new KafkaContainer(IMAGE);
        try {
            container.start();
            return new Running(new TestBroker(container.getBootstrapServers(), "container"), container::close);
        } catch (RuntimeException e) {
            container.close();
            if (!mayFallBack) {
                throw e;
            }
            System.out.printf("The image %s cannot be had (%s); using the embedded broker%n", IMAGE, String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
            return embedded();
        }
    }

    private static Running embedded() {
        EmbeddedKafka kafka = EmbeddedKafka.start();
        return new Running(new TestBroker(kafka.bootstrapServers(), "embedded"), kafka);
    }
}
