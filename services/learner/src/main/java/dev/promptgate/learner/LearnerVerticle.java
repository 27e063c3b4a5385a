package dev.promptgate.learner;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.learner.config.LearnerMeters;
import dev.promptgate.learner.config.LearnerSettings;
import dev.promptgate.learner.update.CandidateWriter;
import dev.promptgate.learner.update.LearnerProgress;
import dev.promptgate.learner.update.Restart;
import dev.promptgate.learner.update.UpdateRunner;
import dev.promptgate.learning.continual.ContinualLearner;
import dev.promptgate.learning.continual.Update;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.messaging.transaction.CheckpointedWriter;
import dev.promptgate.messaging.trust.PromptSigner;
import dev.promptgate.messaging.trust.PromptVerifier;
import dev.promptgate.service.host.Activity;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.service.kafka.Catchup;
import dev.promptgate.service.kafka.RecordLoop;
import dev.promptgate.service.settings.SettingsValues;
import dev.promptgate.service.settings.TrustSettings;
import io.micrometer.core.instrument.Clock;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves features to the {@link ContinualLearner} and its candidates to Kafka. Reads the one partition itself, without a group: its state is
 * the topic. On start it takes up the last candidate, remembers the features up to the checkpoint without training, runs the update that an
 * earlier learner had begun, if there is one, and goes on from there. Features are taken in while an update runs on the worker: it learns
 * from what was there when it began.
 */
public final class LearnerVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(LearnerVerticle.class);
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);
    private static final long BACKLOG_MILLIS = 1_000;
    /** So long a learner whose place another has taken may go unnoticed, when it has nothing to write. */
    private static final long CONFIRM_MILLIS = 60_000;
    private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(10);

    private final LearnerSettings settings;
    private final KafkaClients clients;
    private final TopicNames topics;
    private final ClipModel model;
    private final Optional<PromptSigner> signer;
    private final PromptVerifier verifier;
    private final LearnerMeters meters;
    private final Consumer<Throwable> onFailure;
    private final Activity reading;
    private final Activity updating;
    private final ContinualLearner learner;
    private final Catchup catchup = new Catchup("The learner");
    private WorkerExecutor worker;
    private RecordLoop loop;
    private CheckpointedWriter writer;
    private TopicPartition features;
    private UpdateRunner updates;
    private LearnerProgress progress;
    private Future<Void> running = Future.succeededFuture();
    private long confirming = -1;
    private Future<Long> asking = Future.succeededFuture();

    /**
     * The model is the caller's and must outlive it; the host is told when the learner cannot go on.
     *
     * @throws InvalidSettingsException if settings contradict each other or a key cannot be used
     */
    public LearnerVerticle(SettingsValues values, KafkaClients clients, TopicNames topics, ClipModel model, ServiceHost host) {
        settings = new LearnerSettings(values);
        this.clients = clients;
        this.topics = topics;
        this.model = model;
        TrustSettings trust = new TrustSettings(values);
        signer = trust.candidateSigner();
        verifier = trust.candidateVerifier();
        meters = new LearnerMeters(host.registry(), settings.prompt());
        onFailure = host::fail;
        learner = new ContinualLearner(settings.learning(), model);
        reading = host.watchdog().activity("learner-reading");
        updating = host.watchdog().activity("learner-update");
        host.readiness().register("learner-caught-up", catchup::isDone, catchup::detail);
    }

    @Override
    public Future<?> start() {
        worker = vertx.createSharedWorkerExecutor("promptgate-learner", 1, 1, TimeUnit.HOURS);
        loop = new RecordLoop(vertx, clients.consumer(), new RecordLoop.Observers(meters.registry(), reading));
        features = new TopicPartition(topics.imageFeatures(), 0);
        writer = new CheckpointedWriter(clients, settings.writerName(topics.prefix()), features, TRANSACTION_TIMEOUT);
        writer.onAttempt(updating::goesOn);
        return worker
                .executeBlocking(() -> Restart.read(() -> new TopicLog(clients), topics, settings, model, verifier, meters, writer.open()))
                .compose(restart -> {
                    CandidateWriter candidates = new CandidateWriter(writer, topics.promptCandidates(), settings, signer, restart,
                            Clock.SYSTEM);
                    updates = new UpdateRunner(candidates, model, meters, restart, updating);
                    progress = new LearnerProgress(settings, learner, model, restart, catchup, meters, Clock.SYSTEM,
                            POLL_TIMEOUT);
                    return loop.assign(Map.of(features, restart.begin()));
                }).onSuccess(done -> {
                    loop.start(POLL_TIMEOUT, this::onRecords, onFailure);
                    confirming = vertx.setPeriodic(CONFIRM_MILLIS, id -> confirm());
                });
    }

    /** An update that runs writes itself, and tells whether it may. */
    private void confirm() {
        if (running.isComplete()) {
            worker.executeBlocking(Executors.callable(writer::confirm)).onFailure(onFailure::accept);
        }
    }

    private Future<Void> onRecords(RecordLoop.Polled polled) {
        if (running.failed()) {
            return running;
        }
        progress.add(polled.records(), polled.lag(Set.of(features)));
        return loop.position(features).compose(this::takeIn);
    }

    /** Takes in what was read, beside an update that runs; where one that is due must wait for it, so does reading. */
    private Future<Void> takeIn(long position) {
        Optional<LearnerProgress.Due> due = progress.next(position);
        if (due.isEmpty()) {
            if (progress.isToMakeWay()) {
                updates.makeWay();
            }
            progress.report(position);
            return Future.succeededFuture();
        }
        return ended().compose(done -> {
            start(due.get());
            return takeIn(position);
        });
    }

    private void start(LearnerProgress.Due due) {
        Update update = progress.begin(due);
        updating.steps();
        running = worker.executeBlocking(() -> updates.run(update, due)).onComplete(done -> updating.rests()).map(result -> {
            progress.end(result);
            return null;
        });
    }

    /** The end of the update that runs, if one does. */
    private Future<Void> ended() {
        if (running.isComplete()) {
            return running;
        }
        long timer = vertx.setPeriodic(BACKLOG_MILLIS, id -> {
            reading.steps(); // it waits for the update, which is watched itself
            measureBacklog();
        });
        return running.onComplete(done -> vertx.cancelTimer(timer));
    }

    /** While nothing is polled the consumer knows no more than what was there before. */
    private void measureBacklog() {
        if (asking.isComplete()) {
            asking = loop.end(features).onSuccess(progress::topicEnd)
                    .onFailure(e -> LOG.debug("How many features wait is not known just now [cause: {}]", e.getMessage()));
        }
    }

    /** Abandons an update in hand, which the next start runs again, and closes. */
    @Override
    public Future<?> stop() {
        if (updates != null) {
            updates.cancel();
        }
        vertx.cancelTimer(confirming);
        return loop.close().eventually(() -> worker.executeBlocking(Executors.callable(writer::close))).eventually(worker::close);
    }
}
