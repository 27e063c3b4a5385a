package dev.promptgate.simulation.encoder;

import dev.promptgate.encoder.flow.InFlightRecords.Delivery;
import dev.promptgate.encoder.pipeline.RecordPipeline.Encoded;
import dev.promptgate.messaging.record.SourcePosition;
import dev.promptgate.messaging.transaction.TransactionalWriter.FencedException;
import dev.promptgate.messaging.transaction.TransactionalWriter.TransactionAbortedException;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.kafka.common.TopicPartition;

/**
 * The brokers as encoders see them: partitions of labelled-images, the group that shares them out (cooperatively: a partition moves once
 * its member has given it up), and transactions, each of which commits offsets for one generation of the group. Not thread-safe.
 */
final class SimulatedGroup {
    static final int PARTITIONS = 3;
    static final int SESSION_MILLIS = 3_000;
    private static final int TRANSACTION_MILLIS = 5_000;
    private static final String TOPIC = "labelled-images";

    /** One that is open. */
    private final class Transaction {
        private final EncoderProcess of;
        private final Delivery delivery;
        private boolean isOver;

        private Transaction(EncoderProcess of, Delivery delivery) {
            this.of = of;
            this.delivery = delivery;
            open.add(this);
        }

        /** Whether it has ended by that; it may have been given up before. */
        private boolean end(boolean commits) {
            boolean ends = !isOver;
            isOver = true;
            open.remove(this);
            if (ends && commits) {
                delivery.offsets().forEach((partition, offset) -> committed[partition.partition()] = offset.offset());
                delivery.outcomes().forEach(outcome -> features.merge(((Encoded) outcome).feature().source(), 1, Integer::sum));
            }
            return ends;
        }
    }

    private final Agenda agenda;
    private final SplittableRandom random;
    private final EncoderFault fault;
    private final long quietFrom;
    private final long[] ends = new long[PARTITIONS];
    private final long[] committed = new long[PARTITIONS];
    private final Map<SourcePosition, Integer> features = new HashMap<>();
    private final List<Transaction> open = new ArrayList<>();
    private final List<EncoderProcess> members = new ArrayList<>();
    private final EncoderProcess[] owners = new EncoderProcess[PARTITIONS];
    private final EncoderProcess[] targets = new EncoderProcess[PARTITIONS];
    private int generation;

    /** @param quietFrom from when on no transaction fails by itself */
    SimulatedGroup(Agenda agenda, SplittableRandom random, EncoderFault fault, long quietFrom) {
        this.agenda = agenda;
        this.random = random;
        this.fault = fault;
        this.quietFrom = quietFrom;
    }

    static TopicPartition partition(int number) {
        return new TopicPartition(TOPIC, number);
    }

    void produce(int partition, int records) {
        ends[partition] += records;
    }

    long end(int partition) {
        return ends[partition];
    }

    long committed(int partition) {
        return committed[partition];
    }

    /** Whether no transaction is open that would commit an offset of the partition. */
    boolean isStable(int partition) {
        return !fault.waitsForTransactions()
                || open.stream().noneMatch(transaction -> transaction.delivery.offsets().containsKey(partition(partition)));
    }

    int generation() {
        return generation;
    }

    boolean has(EncoderProcess member) {
        return members.contains(member);
    }

    void join(EncoderProcess member) {
        members.add(member);
        rebalance();
    }

    /** A member leaves, or its session has ended. */
    void remove(EncoderProcess member) {
        if (members.remove(member)) {
            for (int p = 0; p < PARTITIONS; p++) {
                owners[p] = owners[p] == member ? null : owners[p];
            }
            rebalance();
        }
    }

    /** A member gives partitions up, which are another's now. */
    void release(Set<TopicPartition> partitions) {
        partitions.forEach(partition -> owners[partition.partition()] = null);
        rebalance();
    }

    /** Whether a partition is another member's by now. */
    boolean isToBeReleased(int partition, EncoderProcess by) {
        return targets[partition] != by;
    }

    /** Takes what is the member's and nobody has any more. */
    boolean takes(int partition, EncoderProcess member) {
        boolean takes = targets[partition] == member && owners[partition] == null;
        owners[partition] = takes ? member : owners[partition];
        return takes;
    }

    private void rebalance() {
        generation++;
        Map<EncoderProcess, Integer> shares = new HashMap<>();
        int most = members.isEmpty() ? 0 : (PARTITIONS + members.size() - 1) / members.size();
        for (int p = 0; p < PARTITIONS; p++) {
            boolean stays = members.contains(owners[p]) && shares.getOrDefault(owners[p], 0) < most;
            targets[p] = stays ? owners[p] : null;
            shares.merge(targets[p], 1, Integer::sum);
        }
        for (int p = 0; p < PARTITIONS && !members.isEmpty(); p++) {
            if (targets[p] == null) {
                targets[p] = members.stream().min((a, b) -> shares.getOrDefault(a, 0) - shares.getOrDefault(b, 0)).orElseThrow();
                shares.merge(targets[p], 1, Integer::sum);
            }
        }
    }

    /** A process begins under its transactional id: what an earlier one left open is over. */
    void begin(String transactionalId) {
        List.copyOf(open).stream().filter(transaction -> transaction.of.transactionalId().equals(transactionalId))
                .forEach(transaction -> transaction.end(false));
    }

    /** Features and offsets of one transaction, for the group as its member knew it. */
    void transact(EncoderProcess member, int named, Delivery delivery, Promise<Void> told) {
        if (member.isFenced()) {
            told.fail(new FencedException(member.transactionalId(), null));
            return;
        }
        if (!members.contains(member) || (fault.namesGenerationOfItsTime() ? named : generation) != generation) {
            tell(told, new IllegalStateException("Specified group generation id is not valid."));
            return;
        }
        Transaction transaction = new Transaction(member, delivery);
        agenda.in(TRANSACTION_MILLIS, () -> transaction.end(false));
        int fate = agenda.now() < quietFrom ? random.nextInt(20) : -1;
        member.in(fate == 0 ? TRANSACTION_MILLIS + 1 : random.nextInt(60), () -> commit(transaction, fate, told));
    }

    private void commit(Transaction transaction, int fate, Promise<Void> told) {
        if (transaction.of.isFenced()) {
            told.fail(new FencedException(transaction.of.transactionalId(), null));
        } else if (!transaction.end(fate != 1)) {
            tell(told, new IllegalStateException("It was given up"));
        } else if (fate == 1 || fate == 2) { // aborted; or not told of its commit
            tell(told, new IllegalStateException("Disconnected"));
        } else {
            told.complete();
        }
    }

    private void tell(Promise<Void> told, RuntimeException cause) {
        if (fault.takesAbortedForCommitted()) {
            told.complete();
        } else {
            told.fail(new TransactionAbortedException(cause));
        }
    }

    boolean isAtRest() {
        return Arrays.equals(ends, committed);
    }

    /** How often each image led to a feature. */
    Map<SourcePosition, Integer> features() {
        return features;
    }
}
