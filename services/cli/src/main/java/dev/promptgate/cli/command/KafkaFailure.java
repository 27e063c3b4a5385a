package dev.promptgate.cli.command;

import dev.promptgate.clip.failure.FirstLine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedSaslMechanismException;

/**
 * What a failure of a Kafka client means for whoever runs the command, in one line: what to do, and in brackets where and Kafka's own
 * words. Kafka may quote secrets, so the line is to be masked before it is shown; {@link ErrorReporting} does.
 */
public final class KafkaFailure {
    private static final int DEEPEST = 10; // a chain of causes may be a ring

    private KafkaFailure() {}

    /** @throws IllegalStateException if the client cannot be made of its configuration */
    public static <T> T creating(Supplier<T> client) {
        try {
            return client.get();
        } catch (KafkaException e) {
            throw new IllegalStateException(
                    "No Kafka client can be made of these settings; check kafka.property.* [cause: %s]".formatted(words(chain(e))), e);
        }
    }

    /** @param where what goes into the brackets first, each "name: value" */
    public static String explain(Throwable failure, String... where) {
        List<Throwable> chain = chain(failure);
        List<String> details = new ArrayList<>(List.of(where));
        details.add("cause: " + words(chain));
        return "%s [%s]".formatted(advice(chain), String.join(", ", details));
    }

    private static String advice(List<Throwable> chain) {
        if (has(chain, SslAuthenticationException.class)) {
            return tlsAdvice(words(chain));
        }
        if (has(chain, UnsupportedSaslMechanismException.class)) {
            return "The broker does not know this SASL mechanism; check kafka.property.sasl.mechanism";
        }
        if (has(chain, SaslAuthenticationException.class)) {
            return "Kafka refuses the credentials; check kafka.property.sasl.jaas.config";
        }
        if (has(chain, AuthorizationException.class)) {
            return "Kafka does not allow this with these credentials; have the right granted (an ACL)";
        }
        if (has(chain, UnknownTopicOrPartitionException.class)) {
            return "The topic does not exist; create it with: promptgate topics";
        }
        if (has(chain, RecordTooLargeException.class)) {
            return "The record is larger than the topic or the client takes; raise images.max-bytes and the topic's max.message.bytes";
        }
        if (has(chain, InvalidTimestampException.class)) {
            return "Kafka refuses a record for its time; set this machine's clock right, or the brokers'";
        }
        if (chain.stream().anyMatch(cause -> cause instanceof ApiException && !(cause instanceof RetriableException))) {
            return "Kafka refuses this";
        }
        return "Kafka does not answer as it should; are the brokers reachable, and does kafka.property.security.protocol fit them?";
    }

    /** The JDK tells the cases apart by its words alone. */
    private static String tlsAdvice(String words) {
        if (words.contains("unable to find valid certification path")) {
            return "The broker's certificate is not trusted; put it, or its issuer's, into the truststore at "
                    + "kafka.property.ssl.truststore.location";
        }
        if (words.contains("No subject alternative") || words.contains("No name matching")) {
            return "The broker's certificate is for another host; name the host in it in kafka.bootstrap-servers";
        }
        return "The TLS handshake with the broker failed; check kafka.property.ssl.*";
    }

    private static boolean has(List<Throwable> chain, Class<? extends Throwable> type) {
        return chain.stream().anyMatch(type::isInstance);
    }

    private static List<Throwable> chain(Throwable failure) {
        List<Throwable> chain = new ArrayList<>();
        for (Throwable cause = failure; cause != null && chain.size() < DEEPEST; cause = cause.getCause()) {
            chain.add(cause);
        }
        return chain;
    }

    /** Each cause's first line, unless it says what was said before or only repeats its own cause. */
    private static String words(List<Throwable> chain) {
        List<String> words = new ArrayList<>();
        for (Throwable cause : chain) {
            String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : FirstLine.of(cause);
            boolean repeats = cause instanceof ExecutionException || message.equals(String.valueOf(cause.getCause()))
                    || words.stream().anyMatch(said -> said.contains(message));
            if (!repeats) {
                words.add(message);
            }
        }
        return String.join(": ", words);
    }
}
