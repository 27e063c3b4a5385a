package dev.promptgate.learner;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.learning.continual.ContinualLearner;
import dev.promptgate.learning.continual.UpdateResult;
import dev.promptgate.learning.optimiser.NonFiniteLossException;
import dev.promptgate.learning.snapshot.PromptSnapshot;
import dev.promptgate.learning.snapshot.SnapshotCodec;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.service.kafka.Partitions;
import dev.promptgate.service.kafka.PollLoop;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import io.vertx.kafka.client.consumer.KafkaConsumer;
import io.vertx.kafka.client.producer.KafkaProducer;
import io.vertx.kafka.client.producer.KafkaProducerRecord;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves features to the {@link ContinualLearner} and its candidates to Kafka. Reads all partitions itself, without a group: its state is
 * the topic. On start it takes up the last candidate, remembers the features up to that candidate's horizon without training, and goes on
 * from there. Reading waits while an update runs, so that an update depends on the order of records alone.
 */
public final class LearnerVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(LearnerVerticle.class);
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);

    private final LearnerSettings settings;
    private final KafkaClients clients;
    private final TopicNames topics;
    private final ClipModel model;
    private final LearnerMeters meters;
    private final Consumer<Throwable> onFailure;
    private final ContinualLearner learner;
    private final FeatureStream stream;
    private final CandidateFactory candidates;
    private WorkerExecutor worker;
    private KafkaConsumer<byte[], byte[]> consumer;
    private KafkaProducer<byte[], byte[]> producer;
    private PollLoop loop;
    private Restart restart;
    private Set<TopicPartition> replaying;
    private long lastRecordNanos = System.nanoTime();
    private volatile boolean caughtUp;

    /** @param onFailure told when the learner cannot go on */
    public LearnerVerticle(LearnerSettings settings, KafkaClients clients, TopicNames topics, ClipModel model, LearnerMeters meters,
            Consumer<Throwable> onFailure) {
        this.settings = settings;
        this.clients = clients;
        this.topics = topics;
        this.model = model;
        this.meters = meters;
        this.onFailure = onFailure;
        learner = new ContinualLearner(settings.learning(), model);
        stream = new FeatureStream(learner, model.fingerprint(), meters);
        candidates = new CandidateFactory(settings, model.fingerprint());
    }

    /** Whether everything that was in the topic at the start has been taken in. */
    public boolean isCaughtUp() {
        return caughtUp;
    }

    @Override
    public Future<?> start() {
        worker = vertx.createSharedWorkerExecutor("promptgate-learner", 1, 1, TimeUnit.HOURS);
        producer = KafkaProducer.create(vertx, clients.producer());
        consumer = KafkaConsumer.create(vertx, clients.consumer());
        loop = new PollLoop(consumer, POLL_TIMEOUT, this::onRecords, onFailure);
        return worker.executeBlocking(() -> {
            restart = Restart.read(clients, topics, settings.prompt(), model.fingerprint());
            return null;
        }).compose(done -> Partitions.assign(consumer, restart.partitions())).onSuccess(done -> {
            consumer.unwrap().seekToBeginning(restart.partitions());
            replaying = new HashSet<>(restart.partitions());
            replaying.removeIf(partition -> restart.horizon(partition) == 0);
            restart.last().ifPresent(last -> LOG.info("Takes up candidate {} and {} classes", last.metadata().version(), last.metadata().classes().size()));
            loop.start();
        });
    }

    private Future<Void> onRecords(ConsumerRecords<byte[], byte[]> records) {
        if (!records.isEmpty()) {
            lastRecordNanos = System.nanoTime();
        }
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (record.offset() < restart.horizon(new TopicPartition(record.topic(), record.partition()))) {
                stream.take(record); // learned from already
            } else {
                stream.add(record);
            }
        }
        return finishReplay() ? advance().onSuccess(done -> report(records.isEmpty())) : Future.succeededFuture();
    }

    private void report(boolean idle) {
        caughtUp |= idle;
        meters.state(learner, restart.partitions().stream().mapToLong(partition -> consumer.unwrap().currentLag(partition).orElse(0)).sum());
    }

    /** True once every partition has been read up to the last candidate's horizon; takes up its context then. */
    private boolean finishReplay() {
        if (replaying == null) {
            return true;
        }
        replaying.removeIf(partition -> consumer.unwrap().position(partition) >= restart.horizon(partition));
        if (!replaying.isEmpty()) {
            return false;
        }
        replaying = null;
        restart.last().ifPresent(last -> {
            learner.restore(last.context(), last.metadata().version());
            candidates.resumeAfter(last.metadata().version());
        });
        return true;
    }

    private Future<Void> advance() {
        boolean settled = System.nanoTime() - lastRecordNanos >= settings.settleTime().toNanos() && learner.isUpdateDue();
        if (stream.advance() || settled) {
            return update().compose(done -> advance());
        }
        return Future.succeededFuture();
    }

    private Future<Void> update() {
        long began = System.nanoTime();
        long[] stepBegan = {began};
        return worker.executeBlocking(() -> learner.update(report -> {
            long now = System.nanoTime();
            meters.step(report, now - stepBegan[0]);
            stepBegan[0] = now;
        })).compose(result -> publish(result, began)).recover(cause -> {
            if (!(cause instanceof NonFiniteLossException)) {
                return Future.failedFuture(cause);
            }
            meters.failedUpdate();
            LOG.error("An update was given up, the context is as before: {}", cause.getMessage());
            return Future.succeededFuture();
        });
    }

    private Future<Void> publish(UpdateResult result, long began) {
        PromptSnapshot candidate = candidates.create(result, stream.offsets(), System.currentTimeMillis());
        byte[] key = settings.prompt().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return producer.send(KafkaProducerRecord.create(topics.promptCandidates(), key, SnapshotCodec.encode(candidate))).map(sent -> {
            long nanos = System.nanoTime() - began;
            meters.candidate(candidate.metadata().version(), nanos);
            LOG.info("Candidate {}: {} classes, {} shots, {} steps in {} ms, loss {}, mean cosine {}, branches {}", candidate.metadata().version(),
                    result.classes().size(), result.shots(), result.steps().size(), nanos / 1_000_000, "%.4f".formatted(result.finalLoss()),
                    "%.3f".formatted(result.meanCosine()), result.branches());
            return null;
        });
    }

    /** Lets the update in hand finish, then closes. */
    @Override
    public Future<?> stop() {
        return loop.stop().eventually(consumer::close).eventually(producer::close).eventually(worker::close);
    }
}
