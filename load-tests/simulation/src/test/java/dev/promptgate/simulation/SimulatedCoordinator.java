package dev.promptgate.simulation;

import dev.promptgate.messaging.transaction.BrokerAccess;
import dev.promptgate.simulation.Fault.Transaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * The transaction coordinator of one service's transactional id, as it is seen from all the processes of the service: the newest producer
 * fences those before it. Of what befalls a transaction it draws one: it is aborted, takes longer than its timeout, takes effect without
 * the producer's being told so, is asked for again; or its process is killed, or stands still in the midst of it while another takes its
 * place. Keeps what was written. Not thread-safe.
 */
final class SimulatedCoordinator implements BrokerAccess {
    /** Longer than a poll, so that whoever is polling meanwhile cannot have missed it. */
    private static final int LEAST_COMMIT_MILLIS = 1 + (int) SimulatedConsumer.POLL.toMillis();
    private static final int MORE_COMMIT_MILLIS = 50;
    /** Fewer than the attempts that a writer makes. */
    private static final int MOST_FAILURES = 3;

    private final SimulatedLog log;
    private final Pace pace;
    private final Fault fault;
    private final int killedAtOneIn;
    private final Runnable successor;
    private final List<List<ProducerRecord<byte[], byte[]>>> written = new ArrayList<>();
    private final List<OffsetAndMetadata> checkpoints = new ArrayList<>();
    private int epoch;
    private int failures;

    /**
     * @param killedAtOneIn how many transactions there are to a kill before one, and to one behind
     * @param successor another process of the service, which takes this one's place and goes on for a while
     */
    SimulatedCoordinator(SimulatedLog log, Pace pace, Fault fault, int killedAtOneIn, Runnable successor) {
        this.log = log;
        this.pace = pace;
        this.fault = fault;
        this.killedAtOneIn = killedAtOneIn;
        this.successor = successor;
    }

    @Override
    public Producer<byte[], byte[]> producer(String transactionalId, Duration timeout) {
        return new SimulatedProducer(this, timeout);
    }

    /** The epoch of a producer that begins, and fences those before it. */
    int begin() {
        return ++epoch;
    }

    void requireNewest(int producer) {
        if (producer != epoch && fault.isFenced()) {
            throw new ProducerFencedException("There is a newer producer with the same transactional id");
        }
    }

    /**
     * Commits at most once, however often it is asked.
     *
     * @throws TimeoutException if the producer is to ask again
     * @throws KafkaException if the producer does not come to know what became of it
     */
    void commit(int producer, SimulatedProducer.Commit commit, Duration timeout) {
        pace.killOneIn(killedAtOneIn);
        if (pace.isReplacedOneIn(3 * killedAtOneIn)) {
            successor.run();
        }
        requireNewest(producer);
        int what = failures < MOST_FAILURES ? pace.random().nextInt(24) : -1;
        failures = what >= 0 && what < 4 ? failures + 1 : 0;
        if (what == 0) {
            transact(commit.whole, true);
            throw new KafkaException("A record was not acknowledged in time");
        } else if (what == 1 && pace.passes(timeout.toMillis() + 1)) {
            epoch++;
            transact(commit.whole, true);
            throw new InvalidProducerEpochException("The transaction took longer than its timeout and was given up");
        } else if (what == 2) {
            take(commit);
            throw new KafkaException("Disconnected in mid-commit");
        } else if (what == 3) {
            if (pace.random().nextBoolean()) {
                take(commit);
            }
            throw new TimeoutException("No answer to a commit");
        }
        take(commit);
        pace.killOneIn(killedAtOneIn);
    }

    private void take(SimulatedProducer.Commit commit) {
        if (commit.isTaken) {
            return;
        }
        commit.isTaken = true;
        List<Transaction> transactions = fault.transactions(commit.whole);
        for (int i = 0; i < transactions.size(); i++) {
            if (i > 0) {
                pace.killOneIn(killedAtOneIn);
            }
            Transaction transaction = transactions.get(i);
            transact(transaction, false);
            if (!transaction.records().isEmpty()) {
                written.add(transaction.records());
            }
            transaction.checkpoint().ifPresent(checkpoints::add);
        }
    }

    private void transact(Transaction transaction, boolean isAborted) {
        int millis = LEAST_COMMIT_MILLIS + pace.random().nextInt(MORE_COMMIT_MILLIS);
        long now = pace.clock().wallTime();
        log.transact(transaction.records(), now, now + millis, isAborted);
        pace.clock().advance(millis);
    }

    /** The transactions with records. */
    List<List<ProducerRecord<byte[], byte[]>>> written() {
        return written;
    }

    /** All of them, the last one last. */
    List<OffsetAndMetadata> checkpoints() {
        return checkpoints;
    }

    @Override
    public Optional<OffsetAndMetadata> committed(String group, TopicPartition partition) {
        List<OffsetAndMetadata> seen = fault.committed(checkpoints);
        return seen.isEmpty() ? Optional.empty() : Optional.of(seen.get(seen.size() - 1));
    }

    @Override
    public long end(TopicPartition partition) {
        return log.end(partition.topic(), pace.clock().wallTime());
    }

    @Override
    public long nanoTime() {
        return pace.clock().monotonicTime();
    }

    @Override
    public void pause(Duration time) {
        pace.clock().advance(time.toMillis());
    }
}
