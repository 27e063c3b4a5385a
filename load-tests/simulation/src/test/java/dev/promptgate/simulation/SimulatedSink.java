package dev.promptgate.simulation;

import dev.promptgate.messaging.transaction.RecordSink;
import dev.promptgate.simulation.Fault.Transaction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Writes transactions to a log, some at the second attempt, and keeps what it wrote and its checkpoints; returns when they are seen. Not
 * thread-safe.
 */
final class SimulatedSink implements RecordSink {
    /** Longer than a poll, so that whoever is polling meanwhile cannot have missed it. */
    private static final int LEAST_COMMIT_MILLIS = 1 + (int) SimulatedConsumer.POLL.toMillis();
    private static final int MORE_COMMIT_MILLIS = 50;

    private final SimulatedLog log;
    private final Pace pace;
    private final Fault fault;
    private final int killedAtOneIn;
    private final List<List<ProducerRecord<byte[], byte[]>>> written = new ArrayList<>();
    private final List<OffsetAndMetadata> checkpoints = new ArrayList<>();

    SimulatedSink(SimulatedLog log, Pace pace, Fault fault, int killedAtOneIn) {
        this.log = log;
        this.pace = pace;
        this.fault = fault;
        this.killedAtOneIn = killedAtOneIn;
    }

    @Override
    public void write(Collection<ProducerRecord<byte[], byte[]>> records, OffsetAndMetadata newCheckpoint) {
        for (Transaction transaction : fault.transactions(new Transaction(List.copyOf(records), Optional.of(newCheckpoint)))) {
            pace.killOneIn(killedAtOneIn);
            if (pace.random().nextInt(6) == 0) {
                transact(transaction, true);
            }
            transact(transaction, false);
            if (!transaction.records().isEmpty()) {
                written.add(transaction.records());
            }
            transaction.checkpoint().ifPresent(checkpoints::add);
        }
        pace.killOneIn(killedAtOneIn);
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
}
