package dev.promptgate.simulation;

import dev.promptgate.learner.config.LearnerMeters;
import dev.promptgate.learner.config.LearnerSettings;
import dev.promptgate.learner.update.CandidateWriter;
import dev.promptgate.learner.update.LearnerProgress;
import dev.promptgate.learner.update.Restart;
import dev.promptgate.learner.update.UpdateRunner;
import dev.promptgate.learning.continual.ContinualLearner;
import dev.promptgate.learning.continual.UpdateResult;
import dev.promptgate.messaging.trust.PromptVerifier;
import dev.promptgate.service.host.Activity;
import dev.promptgate.service.kafka.Catchup;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.Setting;
import dev.promptgate.service.settings.SettingsCatalogue;
import dev.promptgate.service.settings.SettingsSources;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Learners that live through a {@link LearnerHistory}, one after another, at a pace drawn from a seed: each is taken up from what the log
 * and the checkpoint hold when the one before it was killed, between two polls or before or behind a transaction.
 */
final class LearnerLife {
    private static final SettingsCatalogue CATALOGUE = new SettingsCatalogue(
            Stream.of(PromptSettings.ALL.all(), LearnerSettings.ALL.all()).<Setting<?>>flatMap(List::stream).toList(), List.of(),
            key -> true);
    private static final LearnerMeters METERS = new LearnerMeters(new SimpleMeterRegistry(), "default");
    private static final TopicPartition FEATURES = new TopicPartition(LearnerHistory.TOPICS.imageFeatures(), 0);

    final SimulatedLog log;
    final Pace pace;
    private final LearnerSettings settings;
    private final LinearModel model = new LinearModel();
    private Optional<OffsetAndMetadata> checkpoint = Optional.empty();
    private UpdateRunner updates;
    private LearnerProgress progress;
    /** The update that runs and when it ends. */
    private Optional<UpdateResult> result;
    private long endsAt;
    private boolean isRunning;

    LearnerLife(LearnerHistory history, long seed, boolean isKilled) {
        log = history.log.copy();
        pace = new Pace(LearnerHistory.BEGIN, history.end, 20_000, seed, isKilled);
        settings = new LearnerSettings(CATALOGUE.resolve(SettingsSources.of(history.settings)));
        pace.live(this::live);
    }

    private void live() {
        Restart restart = Restart.read(() -> log.reader(pace.clock()), LearnerHistory.TOPICS, settings, model, PromptVerifier.off(), METERS,
                checkpoint);
        ContinualLearner learner = new ContinualLearner(settings.learning(), model);
        CandidateWriter candidates = new CandidateWriter(this::write, LearnerHistory.TOPICS.promptCandidates(), settings,
                Optional.empty(), restart, pace.clock());
        updates = new UpdateRunner(candidates, model, METERS, restart, new Activity(pace.clock()::monotonicTime));
        progress = new LearnerProgress(settings, learner, model, restart, new Catchup("The learner"), METERS, pace.clock(),
                SimulatedConsumer.POLL);
        isRunning = false;
        SimulatedConsumer consumer = new SimulatedConsumer(log, Map.of(FEATURES, restart.begin()), pace.clock(), pace.random());
        while (!pace.isOver()) {
            List<ConsumerRecord<byte[], byte[]>> records = consumer.poll();
            endIfOver();
            progress.add(records, 0);
            pace.stallOneIn(60, 5_000);
            takeIn(consumer.position(FEATURES));
            pace.killOneIn(300);
            pace.sleepIfQuiet(records.isEmpty() && !isRunning, log);
        }
    }

    /** What the verticle does: one that is due waits for the one that runs, and reading with it. */
    private void takeIn(long position) {
        for (Optional<LearnerProgress.Due> due = progress.next(position); due.isPresent(); due = progress.next(position)) {
            if (isRunning) {
                pace.clock().advance(Math.max(0, endsAt - pace.clock().wallTime()));
                endIfOver();
            }
            result = updates.run(progress.begin(due.get()), due.get());
            isRunning = true;
            endsAt = pace.clock().wallTime() + pace.random().nextInt(pace.random().nextInt(3) == 0 ? 3_000 : 500);
        }
        progress.report(position);
    }

    private void endIfOver() {
        if (isRunning && pace.clock().wallTime() >= endsAt) {
            isRunning = false;
            progress.end(result);
        }
    }

    private void write(Collection<ProducerRecord<byte[], byte[]>> records, OffsetAndMetadata newCheckpoint) {
        pace.killOneIn(10);
        if (pace.random().nextInt(6) == 0) {
            log.transact(records, pace.clock().wallTime(), pace.clock().wallTime(), true);
        }
        log.transact(records, pace.clock().wallTime(), pace.clock().wallTime(), false);
        checkpoint = Optional.of(newCheckpoint);
        pace.killOneIn(10);
    }
}
