package dev.promptgate.encoder;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.encoder.pipeline.EncodingPipeline;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.service.kafka.PollLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import io.vertx.kafka.client.consumer.KafkaConsumer;
import io.vertx.kafka.client.producer.KafkaProducer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves labelled images from Kafka through the {@link EncodingPipeline} and its outcomes back, with the source offsets, one transaction
 * at a time; reading, decoding, encoding and the transaction overlap. Partitions pause when too much is in flight. A failed transaction
 * is aborted and its records are read again. All methods run on the verticle's context.
 */
public final class EncoderVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(EncoderVerticle.class);

    private final EncoderSettings settings;
    private final KafkaClients clients;
    private final TopicNames topics;
    private final ClipModel model;
    private final EncoderMeters meters;
    private final Consumer<Throwable> onFailure;
    private final InFlightRecords inFlight = new InFlightRecords();
    private EncodingPipeline pipeline;
    private WorkerExecutor transactions;
    private KafkaConsumer<byte[], byte[]> consumer;
    private KafkaProducer<byte[], byte[]> producer;
    private FeatureTransaction transaction;
    private PollLoop loop;
    private Future<Void> committing = Future.succeededFuture();
    private boolean rewind;
    private boolean paused;

    /** @param onFailure told when the encoder cannot go on */
    public EncoderVerticle(EncoderSettings settings, KafkaClients clients, TopicNames topics, ClipModel model, EncoderMeters meters,
            Consumer<Throwable> onFailure) {
        this.settings = settings;
        this.clients = clients;
        this.topics = topics;
        this.model = model;
        this.meters = meters;
        this.onFailure = onFailure;
    }

    @Override
    public Future<?> start() {
        pipeline = new EncodingPipeline(settings, model, meters);
        transactions = vertx.createSharedWorkerExecutor("promptgate-encoder-transactions", 1, 5, TimeUnit.MINUTES);
        producer = KafkaProducer.create(vertx, clients.transactionalProducer(settings.transactionalId()));
        consumer = KafkaConsumer.create(vertx, clients.groupConsumer(settings.group()));
        transaction = new FeatureTransaction(producer.unwrap(), topics, meters);
        loop = new PollLoop(consumer, settings.pollTimeout(), this::onRecords, onFailure);
        return transactions.executeBlocking(() -> {
            producer.unwrap().initTransactions(); // fences an earlier process with the same id
            return null;
        }).compose(done -> consumer.subscribe(topics.labelledImages())).onSuccess(done -> loop.start());
    }

    private Future<Void> onRecords(ConsumerRecords<byte[], byte[]> records) {
        if (rewind) {
            return rewindToCommitted(); // what was just read will be read again
        }
        Set<TopicPartition> assigned = consumer.unwrap().assignment();
        inFlight.retain(assigned);
        records.forEach(record -> inFlight.add(record, pipeline.submit(record)));
        backPressure(assigned);
        meters.lag(assigned.stream().mapToLong(partition -> consumer.unwrap().currentLag(partition).orElse(0)).sum());
        return commitFinished();
    }

    private void backPressure(Set<TopicPartition> assigned) {
        int size = inFlight.size();
        meters.inFlight(size);
        if (!paused && size >= settings.maxInFlight()) {
            paused = true;
            meters.overload();
        } else if (paused && size <= settings.maxInFlight() / 2) {
            paused = false;
            consumer.unwrap().resume(assigned);
        }
        if (paused) {
            consumer.unwrap().pause(assigned); // each time: a rebalance may have brought partitions
        }
    }

    /** Starts a transaction if none runs and something is finished; does not wait for it. */
    private Future<Void> commitFinished() {
        if (!committing.isComplete()) {
            return Future.succeededFuture();
        }
        InFlightRecords.Delivery delivery;
        try {
            delivery = inFlight.takeFinished();
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
        if (delivery.outcomes().isEmpty()) {
            return Future.succeededFuture();
        }
        ConsumerGroupMetadata group = consumer.unwrap().groupMetadata();
        committing = transactions.<Void>executeBlocking(() -> {
            transaction.commit(delivery.outcomes(), delivery.offsets(), group);
            return null;
        }).onSuccess(done -> inFlight.committed()).recover(cause -> {
            if (cause instanceof FeatureTransaction.AbortedException) {
                LOG.warn("A transaction was aborted; its records are read again [cause: {}]", cause.getMessage());
                rewind = true;
                return Future.succeededFuture();
            }
            onFailure.accept(cause);
            return Future.failedFuture(cause);
        });
        return Future.succeededFuture();
    }

    private Future<Void> rewindToCommitted() {
        rewind = false;
        inFlight.clear();
        return transactions.executeBlocking(() -> {
            Set<TopicPartition> assigned = consumer.unwrap().assignment();
            Map<TopicPartition, OffsetAndMetadata> committed = consumer.unwrap().committed(assigned);
            for (TopicPartition partition : assigned) {
                OffsetAndMetadata offset = committed.get(partition);
                if (offset == null) {
                    consumer.unwrap().seekToBeginning(Set.of(partition));
                } else {
                    consumer.unwrap().seek(partition, offset);
                }
            }
            return null;
        });
    }

    /** Finishes and commits what is in hand, then closes. */
    @Override
    public Future<?> stop() {
        return loop.stop().compose(done -> drain()).eventually(consumer::close).eventually(producer::close).eventually(() -> {
            pipeline.close();
            return transactions.close();
        });
    }

    private Future<Void> drain() {
        if (rewind || committing.failed() || inFlight.isEmpty()) {
            return Future.succeededFuture();
        }
        Promise<Void> pause = Promise.promise();
        vertx.setTimer(5, id -> pause.complete());
        return committing.compose(done -> commitFinished()).compose(done -> committing).compose(done -> pause.future()).compose(done -> drain());
    }
}
