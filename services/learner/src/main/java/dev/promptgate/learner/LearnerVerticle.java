package dev.promptgate.learner;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.learning.continual.ContinualLearner;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.messaging.transaction.CheckpointedWriter;
import dev.promptgate.service.kafka.Catchup;
import dev.promptgate.service.kafka.RecordLoop;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves features to the {@link ContinualLearner} and its candidates to Kafka. Reads the one partition itself, without a group: its state is
 * the topic. On start it takes up the last candidate, remembers the features up to the checkpoint without training, runs the update that
 * an earlier learner had begun, if there is one, and goes on from there. Reading waits while an update runs, so that an update depends on
 * the order of records alone.
 */
public final class LearnerVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(LearnerVerticle.class);
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);
    private static final long BACKLOG_MILLIS = 1_000;
    private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(10);

    private final LearnerSettings settings;
    private final KafkaClients clients;
    private final TopicNames topics;
    private final ClipModel model;
    private final LearnerTrust trust;
    private final LearnerMeters meters;
    private final Consumer<Throwable> onFailure;
    private final ContinualLearner learner;
    private final FeatureStream stream;
    private final Catchup catchup = new Catchup("The learner");
    private WorkerExecutor worker;
    private RecordLoop loop;
    private CheckpointedWriter writer;
    private UpdateRunner updates;
    private Restart restart;
    private boolean restored;
    private long lag;
    private Future<Long> asking = Future.succeededFuture();
    private long lastRecordNanos = System.nanoTime();

    /**
     * @param trust what candidates are signed and verified with
     * @param onFailure told when the learner cannot go on
     */
    public LearnerVerticle(LearnerSettings settings, KafkaClients clients, TopicNames topics, ClipModel model, LearnerTrust trust,
            LearnerMeters meters, Consumer<Throwable> onFailure) {
        this.settings = settings;
        this.clients = clients;
        this.topics = topics;
        this.model = model;
        this.trust = trust;
        this.meters = meters;
        this.onFailure = onFailure;
        learner = new ContinualLearner(settings.learning(), model);
        stream = new FeatureStream(learner, model, settings, meters);
    }

    /** How far the learner is with what was in the topic at the start. */
    public Catchup catchup() {
        return catchup;
    }

    @Override
    public Future<?> start() {
        worker = vertx.createSharedWorkerExecutor("promptgate-learner", 1, 1, TimeUnit.HOURS);
        loop = new RecordLoop(vertx, clients.consumer(), meters.registry());
        writer = new CheckpointedWriter(clients, settings.writerName(topics.prefix()), new TopicPartition(topics.imageFeatures(), 0),
                TRANSACTION_TIMEOUT);
        return worker
                .executeBlocking(
                        () -> Restart.read(clients, topics, settings.prompt(), model.fingerprint(), trust.verifier(), writer.open()))
                .compose(found -> {
                    restart = found;
                    return loop.assign(Map.of(found.features(), found.begin()));
                }).onSuccess(done -> {
                    CandidateFactory candidates = new CandidateFactory(settings, model.fingerprint());
                    candidates.resumeAfter(restart.lastVersion(), restart.last().map(last -> last.metadata().version()).orElse(0L));
                    updates = new UpdateRunner(learner, candidates,
                            new CandidateWriter(writer, topics.promptCandidates(), settings.prompt(), trust.signer()), model.fingerprint(),
                            meters,
                            restart.last().map(last -> last.metadata().classes()).orElse(List.of()));
                    catchup.begin(restart.begin(), restart.end());
                    LOG.info("Takes up candidate {} at offset {}; {} feature records to read again",
                            restart.last().map(last -> last.metadata().version()).orElse(0L), restart.checkpoint().offset(),
                            restart.end() - restart.begin());
                    loop.start(POLL_TIMEOUT, this::onRecords, onFailure);
                });
    }

    private Future<Void> onRecords(RecordLoop.Polled polled) {
        if (!polled.records().isEmpty()) {
            lastRecordNanos = System.nanoTime();
        }
        for (ConsumerRecord<byte[], byte[]> record : polled.records()) {
            if (record.offset() < restart.checkpoint().offset()) {
                stream.replay(record); // learned from already, or about to be
            } else {
                stream.add(record);
            }
        }
        lag = polled.lag(Set.of(restart.features()));
        return loop.position(restart.features()).compose(position -> restore(position)
                .compose(isRestored -> isRestored ? advance() : Future.succeededFuture()).map(done -> {
                    report(position);
                    return null;
                }));
    }

    /** True once everything before the checkpoint has been read and what was begun there is finished. */
    private Future<Boolean> restore(long position) {
        if (restored || position < restart.checkpoint().offset()) {
            return Future.succeededFuture(restored);
        }
        restored = true;
        Checkpoint checkpoint = restart.checkpoint();
        restart.last().ifPresent(last -> learner.restore(last.context()));
        learner.restore(checkpoint.isDone() ? checkpoint.update() : checkpoint.update() - 1);
        if (checkpoint.isDone()) {
            return Future.succeededFuture(true);
        }
        if (!learner.canUpdate()) { // settings have changed meanwhile
            LOG.warn("An update had begun that cannot run any more; it is passed over [update: {}]", checkpoint.update());
            return Future.succeededFuture(true);
        }
        LOG.info("Runs the update that had begun [update: {}, offset: {}]", checkpoint.update(), checkpoint.offset());
        return update(checkpoint.offset(), true).map(true);
    }

    private Future<Void> advance() {
        boolean paused = stream.isDrained() && System.nanoTime() - lastRecordNanos >= settings.settleTime().toNanos()
                && learner.isUpdateDue();
        if (stream.advance() || paused) {
            return update(stream.offset(), false).compose(done -> advance());
        }
        return Future.succeededFuture();
    }

    private Future<Void> update(long offset, boolean isPlanned) {
        measure();
        meters.updateDue(true);
        Future<Void> update = worker.executeBlocking(() -> {
            updates.run(offset, isPlanned);
            return null;
        });
        long timer = vertx.setPeriodic(BACKLOG_MILLIS, id -> measureBacklog());
        return update.onComplete(done -> vertx.cancelTimer(timer));
    }

    /** While an update runs nothing is polled, and the consumer knows no more than what was there before. */
    private void measureBacklog() {
        if (asking.isComplete()) {
            asking = loop.end(restart.features()).onSuccess(end -> meters.unread(end - stream.offset()))
                    .onFailure(e -> LOG.debug("How many features wait is not known just now [cause: {}]", e.getMessage()));
        }
    }

    private void report(long position) {
        if (stream.isDrained()) {
            catchup.reached(position, restored);
        }
        measure();
    }

    private void measure() {
        meters.state(learner, catchup);
        meters.updateDue(learner.isUpdateDue());
        meters.unread(lag + stream.waiting());
    }

    /** Abandons an update in hand, which the next start runs again, and closes. */
    @Override
    public Future<?> stop() {
        if (updates != null) {
            updates.cancel();
        }
        return loop.close().eventually(() -> worker.executeBlocking(() -> {
            writer.close();
            return null;
        })).eventually(worker::close);
    }
}
