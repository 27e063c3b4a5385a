package dev.promptgate.simulation.encoder;

import dev.promptgate.encoder.config.EncoderMeters;
import dev.promptgate.encoder.flow.EncoderFlow;
import dev.promptgate.encoder.flow.InFlightRecords.Delivery;
import dev.promptgate.encoder.pipeline.RecordPipeline.Encoded;
import dev.promptgate.encoder.pipeline.RecordPipeline.EncodingResult;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.SourcePosition;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.service.host.Activity;
import dev.promptgate.service.kafka.PartitionControl;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * A process of the encoder: the flow as it is shipped, on a simulated consumer, whose thread does one thing after the other, and a worker
 * that writes transactions. Everything takes a time that is drawn. Not thread-safe.
 */
final class EncoderProcess implements PartitionControl {
    private static final EncoderMeters METERS = new EncoderMeters(new SimpleMeterRegistry());
    private static final int MOST_POLLED = 12;
    private static final long UNKNOWN = -1;

    private final Agenda agenda;
    private final SplittableRandom random;
    private final SimulatedGroup group;
    private final EncoderFault fault;
    private final String transactionalId;
    private final EncoderFlow flow;
    /** Where each partition that it has is read on. */
    private final Map<TopicPartition, Long> positions = new TreeMap<>((a, b) -> a.partition() - b.partition());
    private final Set<TopicPartition> paused = new HashSet<>();
    private int generation;
    private long consumerFreeAt;
    private long standsStillUntil;
    private boolean isDead;
    private boolean isFenced;

    EncoderProcess(Agenda agenda, SplittableRandom random, SimulatedGroup group, EncoderFault fault, String transactionalId, int inFlight) {
        this.agenda = agenda;
        this.random = random;
        this.group = group;
        this.fault = fault;
        this.transactionalId = transactionalId;
        flow = new EncoderFlow(new EncoderFlow.Limits(inFlight, inFlight), this::encode, this::transact, this, METERS,
                new Activity(() -> 0));
        group.begin(transactionalId);
        turn();
    }

    String transactionalId() {
        return transactionalId;
    }

    boolean isDead() {
        return isDead;
    }

    boolean isFenced() {
        return isFenced;
    }

    /** Another process has begun under its transactional id. */
    void fence() {
        isFenced = true;
    }

    void kill() {
        isDead = true;
        agenda.in(random.nextInt(SimulatedGroup.SESSION_MILLIS), () -> group.remove(this));
    }

    void standStill(int millis) {
        standsStillUntil = agenda.now() + millis;
        agenda.in(SimulatedGroup.SESSION_MILLIS, () -> {
            if (agenda.now() < standsStillUntil) {
                group.remove(this);
            }
        });
    }

    /** What the process does after a time, if it is alive, and not while it stands still. */
    void in(long millis, Runnable what) {
        agenda.in(millis, () -> {
            if (agenda.now() < standsStillUntil) {
                in(standsStillUntil - agenda.now(), what);
            } else if (!isDead) {
                what.run();
            }
        });
    }

    /** On the consumer's thread, behind all that it was told before. */
    private void onConsumer(int mostMillis, Runnable what) {
        consumerFreeAt = Math.max(consumerFreeAt, agenda.now()) + random.nextInt(mostMillis);
        in(consumerFreeAt - agenda.now(), what);
    }

    private void turn() {
        onConsumer(50, () -> {
            List<ConsumerRecord<byte[], byte[]>> records = poll();
            Set<TopicPartition> assigned = Set.copyOf(positions.keySet());
            in(random.nextInt(2), () -> flow.onRecords(records, assigned).onComplete(done -> {
                if (done.succeeded()) {
                    turn();
                } else {
                    kill();
                }
            }));
        });
    }

    private List<ConsumerRecord<byte[], byte[]>> poll() {
        rejoin();
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        positions.replaceAll((partition, position) -> {
            if (position == UNKNOWN && group.isStable(partition.partition())) {
                return group.committed(partition.partition());
            }
            if (position == UNKNOWN || paused.contains(partition)) {
                return position;
            }
            long to = Math.min(position + random.nextInt(MOST_POLLED), group.end(partition.partition()));
            for (long offset = position; offset < to; offset++) {
                records.add(new ConsumerRecord<>(partition.topic(), partition.partition(), offset, 0, TimestampType.LOG_APPEND_TIME, 0, 1,
                        null, new byte[1], new RecordHeaders(), Optional.empty()));
            }
            return to;
        });
        return records;
    }

    /** What a poll does for the group: cooperatively, as its assignor. */
    private void rejoin() {
        if (!group.has(this)) {
            giveUp(Set.copyOf(positions.keySet()));
            group.join(this);
        }
        if (generation == group.generation()) {
            return;
        }
        Set<TopicPartition> others = positions.keySet().stream()
                .filter(partition -> group.isToBeReleased(partition.partition(), this)).collect(Collectors.toSet());
        if (!others.isEmpty()) {
            giveUp(others);
            group.release(others);
        }
        generation = group.generation();
        for (int p = 0; p < SimulatedGroup.PARTITIONS; p++) {
            if (group.takes(p, this)) {
                positions.put(SimulatedGroup.partition(p), UNKNOWN);
            }
        }
    }

    private void giveUp(Set<TopicPartition> partitions) {
        positions.keySet().removeAll(partitions);
        paused.removeAll(partitions);
        if (!partitions.isEmpty() && fault.isToldOfRevoked()) {
            flow.onRevoked(partitions);
        }
    }

    private CompletableFuture<EncodingResult> encode(ConsumerRecord<byte[], byte[]> record) {
        CompletableFuture<EncodingResult> outcome = new CompletableFuture<>();
        SourcePosition source = new SourcePosition(record.partition(), record.offset());
        in(random.nextInt(80), () -> outcome.complete(
                new Encoded(new ImageFeature("image", "class", Split.TRAIN, "model", new float[] {1}, 0, source))));
        return outcome;
    }

    private Future<Void> transact(Delivery finished) {
        Promise<Void> told = Promise.promise();
        onConsumer(3, () -> {
            int named = generation;
            in(random.nextInt(40), () -> group.transact(this, named, finished, told));
        });
        return told.future();
    }

    @Override
    public Future<Void> pause(Set<TopicPartition> partitions) {
        return tell(() -> paused.addAll(partitions));
    }

    @Override
    public Future<Void> resume(Set<TopicPartition> partitions) {
        return tell(() -> paused.removeAll(partitions));
    }

    private Future<Void> tell(Runnable what) {
        Promise<Void> done = Promise.promise();
        onConsumer(20, () -> {
            what.run();
            in(random.nextInt(2), done::complete);
        });
        return done.future();
    }

    @Override
    public Future<Void> rewindToCommitted() {
        Promise<Void> done = Promise.promise();
        onConsumer(20, () -> {
            boolean isStable = positions.keySet().stream().allMatch(partition -> group.isStable(partition.partition()));
            if (isStable && fault.readsAgain()) {
                positions.replaceAll((partition, position) -> group.committed(partition.partition()));
            }
            in(random.nextInt(2), () -> {
                if (isStable) {
                    done.complete();
                } else {
                    done.fail(new TimeoutException("Offsets are not stable"));
                }
            });
        });
        return done.future();
    }
}
