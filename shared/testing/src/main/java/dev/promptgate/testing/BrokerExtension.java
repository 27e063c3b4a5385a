package dev.promptgate.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Starts one broker for all test classes of a JVM, and stops it when they are done. Says on standard output which one and why, and in
 * {@code target/broker-used.txt} of the module, a line for each JVM, where a build can collect it.
 */
final class BrokerExtension implements ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(BrokerExtension.class);
    private static final Path TARGET = Path.of("target");

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestBroker.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot().getStore(NAMESPACE).getOrComputeIfAbsent("broker", key -> start(), RunningBroker.class).broker();
    }

    private static RunningBroker start() {
        RunningBroker running = RunningBroker.start(BrokerChoice.ofSystemProperty());
        TestBroker broker = running.broker();
        System.out.printf("Tests use the %s Kafka broker at %s (%s)%n", broker.kind(), broker.bootstrapServers(), running.why());
        if (Files.isDirectory(TARGET)) {
            note("%s (%s)%n".formatted(broker.kind(), running.why()));
        }
        return running;
    }

    private static void note(String line) {
        try {
            Files.writeString(TARGET.resolve("broker-used.txt"), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("The broker used cannot be noted", e);
        }
    }
}
