package dev.promptgate.messaging.transaction;

import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.transaction.TransactionalWriter.FencedException;
import dev.promptgate.messaging.transaction.TransactionalWriter.TransactionAbortedException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writer of a service of which only one may be active: records and a checkpoint (how far it has read, and a line of its own) in one
 * transaction, exactly once. The checkpoint is the committed offset of a consumer group without members, so Kafka's own tools show it. It
 * tells after a failure whether the last write took effect, and whether another process has written meanwhile. Blocking; one thread.
 */
public final class CheckpointedWriter implements RecordSink, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointedWriter.class);

    private static final int MAX_ATTEMPTS = 5;
    private static final Pattern SIGNATURE = Pattern.compile(" writer=\\S+$");

    private final TransactionalWriter writer;
    private final BrokerAccess brokers;
    private final String group;
    private final TopicPartition partition;
    /** Two processes may write one checkpoint with other records: an equal line alone does not say whose it is. */
    private final String signature = " writer=" + UUID.randomUUID();
    private Optional<OffsetAndMetadata> last = Optional.empty();

    /** Uses the name as transactional id and as consumer group; checkpoints are offsets of the partition. */
    public CheckpointedWriter(KafkaClients clients, String name, TopicPartition partition, Duration timeout) {
        this(new KafkaBrokerAccess(clients.compressing()), name, partition, timeout);
    }

    /** The same on brokers that are reached in another way; it closes the access. */
    public CheckpointedWriter(BrokerAccess brokers, String name, TopicPartition partition, Duration timeout) {
        writer = new TransactionalWriter(brokers, name, timeout);
        this.brokers = brokers;
        group = name;
        this.partition = partition;
    }

    /** Has it told, on the thread that writes, of each attempt at brokers that are away. */
    public void onAttempt(Runnable listener) {
        writer.onAttempt(listener);
    }

    /**
     * Fences an earlier process of this name; its last checkpoint, if there is one. Nothing that it wrote appears after that.
     *
     * @throws IllegalStateException if the checkpoint lies behind the partition's end: it is of another topic than the one that is there
     */
    public Optional<OffsetAndMetadata> open() {
        writer.open();
        last = read();
        last.ifPresent(checkpoint -> requireWithin(checkpoint.offset()));
        return last;
    }

    private void requireWithin(long checkpoint) {
        long end = ask(() -> brokers.end(partition));
        if (checkpoint > end) {
            throw new IllegalStateException(("The checkpoint lies behind the end of its topic, which was made anew or has lost records; "
                    + "bring them back, or begin anew under another prompt.name [partition: %s, end: %d, checkpoint: %d, group: %s]")
                    .formatted(partition, end, checkpoint, group));
        }
    }

    /**
     * Writes until it is written, through any outage. Behind the checkpoint's own line it puts {@code " writer="} and a name of this
     * writer.
     *
     * @param unsigned must differ from the one before, unless there are no records
     * @throws FencedException if another process has taken this one's place
     * @throws KafkaException if it will never succeed, or this was closed
     */
    @Override
    public void write(Collection<ProducerRecord<byte[], byte[]>> records, OffsetAndMetadata unsigned) {
        OffsetAndMetadata checkpoint = sign(unsigned);
        for (int attempt = 1;; attempt++) {
            try {
                writer.write(records, Map.of(partition, checkpoint), new ConsumerGroupMetadata(group));
                last = Optional.of(checkpoint);
                return;
            } catch (TransactionAbortedException e) {
                if (attempt == MAX_ATTEMPTS) { // an outage is waited out within an attempt: this is something else
                    throw new KafkaException(
                            "A transaction fails again and again [transactional id: %s, cause: %s]".formatted(group, e.getMessage()), e);
                }
                LOG.warn("A transaction was aborted; it is written again [transactional id: {}, cause: {}]", group, e.getMessage());
            }
            writer.open(); // whatever was in hand is over after this
            Optional<OffsetAndMetadata> found = read();
            if (isSame(found, Optional.of(checkpoint))) {
                last = found;
                return; // the commit had taken effect after all
            }
            if (!isSame(found, last)) {
                throw new FencedException(group, null);
            }
        }
    }

    /**
     * Writes the last checkpoint once more, or that nothing was read yet: by that alone Kafka tells a process that has nothing to write
     * whether it still may. It also keeps the transactional id and the checkpoint from expiring.
     *
     * @throws FencedException if another process has taken this one's place
     */
    public void confirm() {
        write(List.of(), last.orElse(new OffsetAndMetadata(0)));
    }

    private OffsetAndMetadata sign(OffsetAndMetadata checkpoint) {
        return new OffsetAndMetadata(checkpoint.offset(), SIGNATURE.matcher(checkpoint.metadata()).replaceFirst("") + signature);
    }

    private static boolean isSame(Optional<OffsetAndMetadata> a, Optional<OffsetAndMetadata> b) {
        return a.map(OffsetAndMetadata::offset).equals(b.map(OffsetAndMetadata::offset))
                && a.map(OffsetAndMetadata::metadata).equals(b.map(OffsetAndMetadata::metadata));
    }

    private Optional<OffsetAndMetadata> read() {
        return ask(() -> brokers.committed(group, partition));
    }

    @FunctionalInterface
    private interface Question<T> {
        T answer() throws ExecutionException, InterruptedException;
    }

    /** What Kafka answers, through any outage. */
    private <T> T ask(Question<T> question) {
        for (;;) {
            try {
                return question.answer();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof RetriableException retriable)) {
                    throw new KafkaException("The checkpoint cannot be read [group: %s, cause: %s]"
                            .formatted(group, e.getCause().getMessage()), e.getCause());
                }
                writer.waitForBrokers(retriable);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new KafkaException("Interrupted", e);
            }
        }
    }

    @Override
    public void close() {
        writer.close();
        brokers.close();
    }
}
