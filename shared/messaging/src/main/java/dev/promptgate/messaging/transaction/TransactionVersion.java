package dev.promptgate.messaging.transaction;

import dev.promptgate.messaging.client.KafkaClients;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The brokers' feature {@code transaction.version}. From 2 on (KIP-890) each transaction has an epoch of its own, so that a record that was
 * held up on its way cannot come into a later transaction, nor open one that nobody ends. Kafka 3 has not got it, nor has a cluster that
 * came from there and whose features nobody raised. It is no reason to refuse: with these everything worked for years but for that.
 */
final class TransactionVersion {
    private static final Logger LOG = LoggerFactory.getLogger(TransactionVersion.class);
    static final String FEATURE = "transaction.version";
    static final short SAFE = 2;

    private TransactionVersion() {}

    static void warnIfOld(KafkaClients clients) {
        try (Admin admin = Admin.create(clients.admin())) {
            complaint(admin).ifPresent(LOG::warn);
        } catch (ExecutionException e) {
            LOG.warn("What the brokers' {} is cannot be asked [cause: {}]", FEATURE, String.valueOf(e.getCause().getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is missing and what that risks, in one line; empty if nothing is. */
    static Optional<String> complaint(Admin admin) throws ExecutionException, InterruptedException {
        FinalizedVersionRange found = admin.describeFeatures().featureMetadata().get().finalizedFeatures().get(FEATURE);
        int level = found == null ? 0 : found.maxVersionLevel();
        return level >= SAFE ? Optional.empty()
                : Optional.of(("The brokers' %1$s is below %2$d: after an outage a record that comes late may leave a transaction open, at "
                        + "which learner, evaluator and followers stand still, or come into the next one; with Kafka 4 run: "
                        + "kafka-features.sh --bootstrap-server HOST:PORT upgrade --feature %1$s=%2$d [found: %3$d]")
                        .formatted(FEATURE, SAFE, level));
    }
}
