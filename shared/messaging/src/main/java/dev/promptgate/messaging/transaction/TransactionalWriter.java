package dev.promptgate.messaging.transaction;

import dev.promptgate.messaging.client.KafkaClients;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes records and consumer offsets in one Kafka transaction, and gets over what can be got over: brokers that are away for a while, a
 * transaction that the coordinator gave up, a producer that must be made anew. Blocking; one thread at a time, but {@link #close} may come
 * from any.
 *
 * <p>The coordinator ends a transaction that takes longer than its timeout by the same error as one whose producer was replaced. A
 * transaction that failed within its timeout was therefore fenced by another process, which is final; a longer one was given up.
 */
public final class TransactionalWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TransactionalWriter.class);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final BrokerAccess brokers;
    private final String transactionalId;
    private final Duration timeout;
    private Producer<byte[], byte[]> producer;
    private boolean opened;
    private boolean fenced;
    private Runnable onAttempt = () -> {};
    private volatile boolean closing;

    /** @param timeout after which the coordinator gives a transaction up: how long a killed process can hold its readers back */
    public TransactionalWriter(KafkaClients clients, String transactionalId, Duration timeout) {
        this(new KafkaBrokerAccess(clients), transactionalId, timeout);
    }

    TransactionalWriter(BrokerAccess brokers, String transactionalId, Duration timeout) {
        this.brokers = brokers;
        this.transactionalId = transactionalId;
        this.timeout = timeout;
    }

    /** Has it told, on the thread that writes, of each attempt at brokers that are away. */
    public void onAttempt(Runnable listener) {
        onAttempt = listener;
    }

    /**
     * Ends what an earlier process with the same id left open and fences that process. Waits for brokers that are away; the first time a
     * line of the log says so if they end transactions less safely than brokers can.
     *
     * @throws KafkaException if it cannot be had, e.g. for want of permission
     */
    public void open() {
        if (producer != null) {
            discard();
        }
        for (;;) {
            Producer<byte[], byte[]> fresh = brokers.producer(transactionalId, timeout);
            try {
                fresh.initTransactions();
                producer = fresh;
                if (!opened) {
                    opened = true;
                    brokers.warnIfUnsafe();
                }
                return;
            } catch (TimeoutException e) {
                fresh.close(Duration.ZERO);
                waitForBrokers(e);
            } catch (RuntimeException e) {
                fresh.close(Duration.ZERO);
                throw e;
            }
        }
    }

    /**
     * Writes everything or nothing.
     *
     * @param offsets to commit for the group with the records; none if empty
     * @throws TransactionAbortedException if it failed and can be tried again
     * @throws FencedException if another process has taken this one's place
     * @throws KafkaException if it will never succeed, e.g. for want of permission, or with a clock that the brokers refuse
     */
    public void write(Collection<ProducerRecord<byte[], byte[]>> records, Map<TopicPartition, OffsetAndMetadata> offsets,
            ConsumerGroupMetadata group)
            throws TransactionAbortedException {
        if (fenced) {
            throw new FencedException(transactionalId, null); // making a producer anew would fence the other one in turn
        }
        if (producer == null) {
            open(); // the last failure left none
        }
        long began = brokers.nanoTime();
        try {
            producer.beginTransaction();
            records.forEach(producer::send);
            if (!offsets.isEmpty()) {
                producer.sendOffsetsToTransaction(offsets, group);
            }
            commit();
        } catch (AuthorizationException | AuthenticationException e) {
            discard();
            throw e;
        } catch (KafkaException | IllegalStateException e) {
            if (isFenced(e) && brokers.nanoTime() - began < timeout.toNanos()) {
                discard();
                fenced = true;
                throw new FencedException(transactionalId, e);
            }
            abort();
            if (isCausedBy(e, InvalidTimestampException.class)) { // again and again, as long as the clock is wrong
                throw new KafkaException("The brokers refuse a record for its time, which is this machine's; set the clock right, or the "
                        + "brokers' [transactional id: %s, now: %s]".formatted(transactionalId, Instant.now()), e);
            }
            throw new TransactionAbortedException(e);
        }
    }

    /** Whether the producer's epoch is over; the error of a send comes wrapped by the call after it. */
    private static boolean isFenced(Throwable e) {
        return isCausedBy(e, ProducerFencedException.class) || isCausedBy(e, InvalidProducerEpochException.class);
    }

    private static boolean isCausedBy(Throwable e, Class<? extends KafkaException> type) {
        return Stream.iterate(e, Objects::nonNull, Throwable::getCause).anyMatch(type::isInstance);
    }

    /** A commit that timed out may still happen: Kafka allows nothing but to ask for it again. */
    private void commit() {
        for (;;) {
            try {
                producer.commitTransaction();
                return;
            } catch (TimeoutException e) {
                waitForBrokers(e);
            }
        }
    }

    /** By a new producer at once if this one cannot: readers shall wait neither for the next write nor for the coordinator's timeout. */
    private void abort() {
        try {
            producer.abortTransaction();
        } catch (KafkaException | IllegalStateException e) {
            LOG.debug("A transaction could not even be aborted; the producer is made anew [transactional id: {}, cause: {}]",
                    transactionalId, e.getMessage());
            discard();
            if (!closing) {
                open();
            }
        }
    }

    private void discard() {
        producer.close(Duration.ZERO);
        producer = null;
    }

    /** Pauses, unless this is being closed. */
    void waitForBrokers(RetriableException e) {
        if (closing) {
            throw e;
        }
        onAttempt.run();
        LOG.warn("Kafka does not answer; tries again [transactional id: {}, cause: {}]", transactionalId, e.getMessage());
        try {
            brokers.pause(PAUSE);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new KafkaException("Interrupted", interrupt);
        }
    }

    /** Lets go; a transaction in hand is left to the coordinator. */
    @Override
    public void close() {
        closing = true;
        Producer<byte[], byte[]> open = producer;
        if (open != null) {
            open.close(Duration.ofSeconds(2));
        }
    }

    /**
     * A transaction failed and the writer can write again. Mostly nothing of it was written; after a failure in mid-commit the committed
     * offsets tell.
     */
    public static final class TransactionAbortedException extends Exception {
        private static final long serialVersionUID = 1L;

        public TransactionAbortedException(Throwable cause) {
            super(String.valueOf(cause.getMessage()), cause);
        }
    }

    /** Another process has taken this one's place: it must not write any more. The message is one line. */
    public static final class FencedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /** @param transactionalId that the other process has taken over */
        public FencedException(String transactionalId, Throwable cause) {
            super("Another process has taken this one's place; run one for each transactional id [transactional id: %s, cause: %s]"
                    .formatted(transactionalId, cause == null ? "its checkpoint has moved on" : String.valueOf(cause.getMessage())), cause);
        }
    }
}
