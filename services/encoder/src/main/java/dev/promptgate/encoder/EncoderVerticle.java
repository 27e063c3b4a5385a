package dev.promptgate.encoder;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.memory.DecodeMemory;
import dev.promptgate.encoder.config.EncoderMeters;
import dev.promptgate.encoder.config.EncoderSettings;
import dev.promptgate.encoder.pipeline.RecordPipeline;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.messaging.transaction.TransactionalWriter;
import dev.promptgate.messaging.transaction.TransactionalWriter.FencedException;
import dev.promptgate.messaging.transaction.TransactionalWriter.TransactionAbortedException;
import dev.promptgate.references.ReferenceFetcher;
import dev.promptgate.service.host.Activity;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.service.kafka.RecordLoop;
import dev.promptgate.service.settings.SettingsValues;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves labelled images from Kafka through the {@link RecordPipeline} and its outcomes back, with the source offsets, one transaction at a
 * time; reading, decoding, encoding and the transaction overlap. Partitions pause when too much is in flight. All methods run on the
 * verticle's context.
 *
 * <p>Exactly once rests on three things. A transaction names the consumer group's generation as it was when its outcomes were taken, so one
 * that a rebalance has overtaken is refused. Records of a partition that was taken away are forgotten before the next poll's are looked at,
 * so that none is in flight twice. And a transaction that failed, for whatever reason, is followed by reading again from the committed
 * offsets, which alone tell what took effect.
 */
public final class EncoderVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(EncoderVerticle.class);

    private final EncoderSettings settings;
    private final KafkaClients clients;
    private final TopicNames topics;
    private final ClipModel model;
    private final EncoderMeters meters;
    private final DecodeMemory memory;
    private final Consumer<Throwable> onFailure;
    private final Activity reading;
    private final Activity encoding;
    private final Activity transaction;
    private final InFlightRecords inFlight = new InFlightRecords();
    private final Commits commits = new Commits(inFlight, this::transact);
    private ReferenceFetcher fetcher;
    private RecordPipeline pipeline;
    private WorkerExecutor transactions;
    private RecordLoop loop;
    private TransactionalWriter writer;
    private FeatureDelivery delivery;
    private boolean paused;

    /** The model is the caller's and must outlive it; the host is told when the encoder cannot go on. */
    public EncoderVerticle(SettingsValues values, KafkaClients clients, TopicNames topics, ClipModel model, ServiceHost host) {
        settings = new EncoderSettings(values);
        this.clients = clients;
        this.topics = topics;
        this.model = model;
        meters = new EncoderMeters(host.registry());
        memory = host.decodeMemory();
        onFailure = host::fail;
        reading = host.watchdog().activity("encoder-reading");
        encoding = host.watchdog().activity("encoder-images");
        transaction = host.watchdog().activity("encoder-transaction");
    }

    @Override
    public Future<?> start() {
        context.exceptionHandler(this::onUnhandled);
        fetcher = ReferenceFetcher.create(vertx, settings.values(), meters.registry());
        pipeline = new RecordPipeline(settings, model, memory, meters, fetcher);
        transactions = vertx.createSharedWorkerExecutor("promptgate-encoder-transactions", 1, 5, TimeUnit.MINUTES);
        loop = new RecordLoop(vertx, settings.consumer(clients, topics.prefix()),
                new RecordLoop.Observers(meters.registry(), reading));
        writer = new TransactionalWriter(clients, settings.transactionalId(topics.prefix()),
                settings.values().get(EncoderSettings.TRANSACTION_TIMEOUT));
        writer.onAttempt(transaction::goesOn);
        delivery = new FeatureDelivery(writer, topics, settings.maxImageBytes(), meters);
        // Opening it fences an earlier process with the same id.
        return transactions.executeBlocking(Executors.callable(writer::open))
                .compose(done -> loop.subscribe(topics.labelledImages(), this::onRevoked))
                .onSuccess(done -> loop.start(settings.values().get(EncoderSettings.POLL_TIMEOUT), this::onRecords, this::onLoopFailure));
    }

    private void onRevoked(Set<TopicPartition> revoked) {
        meters.increment(EncoderMeters.REBALANCES);
        inFlight.drop(revoked);
    }

    private void onUnhandled(Throwable cause) {
        LOG.error("Unhandled exception", cause);
        if (cause instanceof OutOfMemoryError) {
            onLoopFailure(cause);
        }
    }

    private void onLoopFailure(Throwable cause) {
        onFailure.accept(
                cause instanceof FencedInstanceIdException ? new FencedException(settings.transactionalId(topics.prefix()), cause)
                        : HeapFullException.orSame(cause, inFlight));
    }

    private Future<Void> onRecords(RecordLoop.Polled polled) {
        polled.lost().forEach(this::onLost);
        if (commits.isAborted()) {
            return commits.readAgain(loop::rewindToCommitted); // what was just read, too
        }
        polled.records().forEach(record -> inFlight.add(record, pipeline.submit(record)));
        meters.set(EncoderMeters.LAG, polled.lag(polled.assignment()));
        watchImages();
        return backPressure(polled.assignment()).compose(done -> commits.commitFinished());
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

    private void onLost(TopicPartition partition, long records) {
        meters.lost(records);
        LOG.error("Retention deleted records that no encoder had read; raise the topic's retention.ms or run more encoders, and send these "
                + "images again [partition: {}, records: {}]", partition, records);
    }

    private Future<Void> backPressure(Set<TopicPartition> assigned) {
        boolean full = inFlight.size() >= settings.values().get(EncoderSettings.MAX_IN_FLIGHT)
                || inFlight.bytes() >= settings.maxInFlightBytes();
        boolean low = inFlight.size() <= settings.values().get(EncoderSettings.MAX_IN_FLIGHT) / 2
                && inFlight.bytes() <= settings.maxInFlightBytes() / 2;
        meters.inFlight(inFlight.size(), inFlight.bytes());
        if (paused && low) {
            paused = false;
            return loop.resume(assigned);
        }
        if (!paused && full) {
            paused = true;
            meters.increment(EncoderMeters.OVERLOAD);
        }
        return paused ? loop.pause(assigned) : Future.succeededFuture(); // each time: a rebalance may have brought partitions
    }

    private Future<Void> transact(InFlightRecords.Delivery finished) {
        transaction.steps();
        // Asked for before the next poll, so the group is as it was when the outcomes were taken.
        return loop.group().compose(group -> transactions.<Void>executeBlocking(() -> {
            delivery.commit(finished.outcomes(), finished.offsets(), group);
            return null;
        })).onComplete(done -> {
            transaction.rests();
            if (done.cause() instanceof TransactionAbortedException aborted) {
                meters.increment(EncoderMeters.ABORTED);
                LOG.warn("A transaction was aborted; what was not committed is read again [cause: {}]", aborted.getMessage());
            }
        });
    }

    /** Finishes and commits the batch in hand, then closes; what waits behind it is left to whoever has the partitions next. */
    @Override
    public Future<?> stop() {
        return loop.stop().compose(done -> transactions.executeBlocking(() -> {
            pipeline.finishBatch();
            return null;
        })).compose(done -> commits.running()).compose(done -> commits.commitFinished()).compose(done -> commits.running())
                .eventually(loop::close).eventually(() -> transactions.executeBlocking(Executors.callable(() -> {
                    writer.close();
                    pipeline.close();
                    fetcher.close();
                }))).eventually(transactions::close);
    }
}
