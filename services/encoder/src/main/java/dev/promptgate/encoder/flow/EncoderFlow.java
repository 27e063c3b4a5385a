package dev.promptgate.encoder.flow;

import dev.promptgate.encoder.config.EncoderMeters;
import dev.promptgate.encoder.flow.InFlightRecords.Delivery;
import dev.promptgate.encoder.pipeline.RecordPipeline.EncodingResult;
import dev.promptgate.service.host.Activity;
import dev.promptgate.service.kafka.PartitionControl;
import io.vertx.core.Future;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * What is done with what the polls bring: it is encoded, and committed once it is finished; partitions pause when too much is in flight.
 * Not thread-safe: the verticle's.
 *
 * <p>Exactly once rests on three things. A transaction names the consumer group's generation as it was when its outcomes were taken, so one
 * that a rebalance has overtaken is refused. Records of a partition that was taken away are forgotten before the next poll's are looked at,
 * so that none is in flight twice. And a transaction that failed, for whatever reason, is followed by reading again from the committed
 * offsets, which alone tell what took effect, and by no other transaction before that.
 */
public final class EncoderFlow {
    /**
     * At which partitions are paused, to be resumed below half of it.
     *
     * @param records number of records in flight
     * @param bytes their size
     */
    public record Limits(int records, long bytes) {}

    private final Limits limits;
    private final Function<ConsumerRecord<byte[], byte[]>, CompletableFuture<EncodingResult>> encode;
    private final PartitionControl partitions;
    private final EncoderMeters meters;
    private final Activity encoding;
    private final InFlightRecords inFlight = new InFlightRecords();
    private final Commits commits;
    private boolean paused;

    /**
     * @param transact writes outcomes and offsets in one transaction, for the group as it is when it is called; fails with a
     *     TransactionAbortedException if it can be tried again
     * @param encoding told whether images get finished
     */
    public EncoderFlow(Limits limits, Function<ConsumerRecord<byte[], byte[]>, CompletableFuture<EncodingResult>> encode,
            Function<Delivery, Future<Void>> transact, PartitionControl partitions, EncoderMeters meters, Activity encoding) {
        this.limits = limits;
        this.encode = encode;
        this.partitions = partitions;
        this.meters = meters;
        this.encoding = encoding;
        commits = new Commits(inFlight, transact);
    }

    /** Takes what a poll brought, of the partitions that are assigned after it; the next poll may begin when this completes. */
    public Future<Void> onRecords(Iterable<ConsumerRecord<byte[], byte[]>> records, Set<TopicPartition> assigned) {
        if (commits.isAborted()) {
            return commits.readAgain(partitions::rewindToCommitted); // what was just read, too
        }
        records.forEach(record -> inFlight.add(record, encode.apply(record)));
        watchImages();
        return backPressure(assigned).compose(done -> commits.commitFinished());
    }

    /** Partitions were taken away; told before {@link #onRecords} gets what the same poll brought. */
    public void onRevoked(Set<TopicPartition> revoked) {
        inFlight.drop(revoked);
    }

    /** Images must be finished while there are any; what is finished waits for the transaction, which is watched itself. */
    private void watchImages() {
        if (inFlight.size() == 0) {
            encoding.rests();
        } else if (!commits.running().isComplete() || inFlight.isHeadFinished()) {
            encoding.steps();
        } else {
            encoding.begins();
        }
    }

    private Future<Void> backPressure(Set<TopicPartition> assigned) {
        boolean full = inFlight.size() >= limits.records() || inFlight.bytes() >= limits.bytes();
        boolean low = inFlight.size() <= limits.records() / 2 && inFlight.bytes() <= limits.bytes() / 2;
        meters.inFlight(inFlight.size(), inFlight.bytes());
        if (paused && low) {
            paused = false;
            return partitions.resume(assigned);
        }
        if (!paused && full) {
            paused = true;
            meters.increment(EncoderMeters.OVERLOAD);
        }
        return paused ? partitions.pause(assigned) : Future.succeededFuture(); // each time: a rebalance may have brought partitions
    }

    /** Commits what is finished and completes when that is done; there must be no poll any more. */
    public Future<Void> finish() {
        return commits.running().compose(done -> commits.commitFinished()).compose(done -> commits.running());
    }

    /** The failure as it is, unless it stems from a full heap: then with the records that were in flight. */
    public Throwable explain(Throwable failure) {
        return HeapFullException.orSame(failure, inFlight);
    }
}
