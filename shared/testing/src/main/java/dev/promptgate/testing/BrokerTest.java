package dev.promptgate.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test class a real Kafka broker as a parameter of type {@link TestBroker}: in a container where a Docker engine answers and has or
 * gets the image, else embedded in this JVM. The system property {@code promptgate.test.broker} ({@code auto}, {@code container},
 * {@code embedded}) decides otherwise, {@code promptgate.test.kafka-image} names another image. A class whose assertions hold only if the
 * broker does as it should (transactions and fencing, groups and offsets, settings of topics) has {@code @Tag("broker-semantics")} as well:
 * {@code .ci/run} runs it on both kinds.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(BrokerExtension.class)
public @interface BrokerTest {
}
