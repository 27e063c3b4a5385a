package dev.promptgate.encoder;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.memory.DecodeMemory;
import dev.promptgate.encoder.config.EncoderMeters;
import dev.promptgate.encoder.config.EncoderSettings;
import dev.promptgate.encoder.flow.EncoderFlow;
import dev.promptgate.encoder.flow.InFlightRecords;
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
 * time; reading, decoding, encoding and the transaction overlap, as {@link EncoderFlow} says. All methods run on the verticle's context.
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
    private ReferenceFetcher fetcher;
    private RecordPipeline pipeline;
    private WorkerExecutor transactions;
    private RecordLoop loop;
    private TransactionalWriter writer;
    private FeatureDelivery delivery;
    private EncoderFlow flow;
    private Set<TopicPartition> stuck = Set.of();

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
        flow = new EncoderFlow(
                new EncoderFlow.Limits(settings.values().get(EncoderSettings.MAX_IN_FLIGHT), settings.maxInFlightBytes()), pipeline::submit,
                this::transact, loop, meters, encoding);
        delivery = new FeatureDelivery(writer, topics, settings.maxImageBytes(), meters);
        // Opening it fences an earlier process with the same id.
        return transactions.executeBlocking(Executors.callable(writer::open))
                .compose(done -> loop.subscribe(topics.labelledImages(), this::onRevoked))
                .onSuccess(done -> loop.start(settings.values().get(EncoderSettings.POLL_TIMEOUT), this::onRecords, this::onLoopFailure));
    }

    private void onRevoked(Set<TopicPartition> revoked) {
        meters.increment(EncoderMeters.REBALANCES);
        flow.onRevoked(revoked);
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
                        : flow.explain(cause));
    }

    private Future<Void> onRecords(RecordLoop.Polled polled) {
        polled.lost().forEach(this::onLost);
        nameStuck(polled.stuck());
        meters.set(EncoderMeters.LAG, polled.lag(polled.assignment()));
        return flow.onRecords(polled.records(), polled.assignment());
    }

    private void onLost(TopicPartition partition, long records) {
        meters.lost(records);
        LOG.error("Retention deleted records that no encoder had read; raise the topic's retention.ms or run more encoders, and send these "
                + "images again [partition: {}, records: {}]", partition, records);
    }

    private void nameStuck(Set<TopicPartition> now) {
        if (!now.equals(stuck) && !now.isEmpty()) {
            LOG.warn("Partitions cannot be read, as it is not known where to read on; if it stays, end the transaction that would commit "
                    + "their offset, by kafka-transactions.sh find-hanging and abort [partitions: {}, group: {}]", now,
                    settings.group(topics.prefix()));
        }
        stuck = now;
        meters.set(EncoderMeters.STUCK, now.size());
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
        })).compose(done -> flow.finish())
                .eventually(loop::close).eventually(() -> transactions.executeBlocking(Executors.callable(() -> {
                    writer.close();
                    pipeline.close();
                    fetcher.close();
                }))).eventually(transactions::close);
    }
}
