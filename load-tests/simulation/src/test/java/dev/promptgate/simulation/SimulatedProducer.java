package dev.promptgate.simulation;

import dev.promptgate.simulation.Fault.Transaction;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Kafka's own mock of a producer, whose transactions go to a simulated coordinator. */
final class SimulatedProducer extends MockProducer<byte[], byte[]> {
    /** What it asks to commit, until it is told that it is. */
    static final class Commit {
        final Transaction whole;
        boolean isTaken;

        private Commit(Transaction whole) {
            this.whole = whole;
        }
    }

    private final SimulatedCoordinator coordinator;
    private final Duration timeout;
    private int epoch;
    private Optional<Commit> commit = Optional.empty();

    SimulatedProducer(SimulatedCoordinator coordinator, Duration timeout) {
        super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        this.coordinator = coordinator;
        this.timeout = timeout;
    }

    @Override
    public void initTransactions() {
        super.initTransactions();
        epoch = coordinator.begin();
    }

    @Override
    public void commitTransaction() {
        if (commit.isEmpty()) {
            Optional<OffsetAndMetadata> checkpoint = uncommittedOffsets().values().stream().map(Map::values)
                    .flatMap(offsets -> offsets.stream()).findFirst();
            commit = Optional.of(new Commit(new Transaction(uncommittedRecords(), checkpoint)));
        }
        coordinator.commit(epoch, commit.get(), timeout);
        commit = Optional.empty();
        super.commitTransaction();
    }

    @Override
    public void abortTransaction() {
        commit = Optional.empty();
        coordinator.requireNewest(epoch);
        super.abortTransaction();
    }
}
