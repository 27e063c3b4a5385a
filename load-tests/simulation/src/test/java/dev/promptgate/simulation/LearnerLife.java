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
import dev.promptgate.service.settings.SettingsCatalogue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** A learner that learns from what a log brings. */
final class LearnerLife extends Life {
    /** From so long before the end on it is not killed, so that it brings to an end what was begun. */
    static final int ENDING_MILLIS = 12_000;
    private static final SettingsCatalogue CATALOGUE = catalogue(LearnerSettings.ALL);
    private static final LearnerMeters METERS = new LearnerMeters(new SimpleMeterRegistry(), "default");
    private static final TopicPartition FEATURES = new TopicPartition(LearnerHistory.TOPICS.imageFeatures(), 0);

    private final LearnerSettings settings;
    private int starts;
    private UpdateRunner updates;
    private LearnerProgress progress;
    private SimulatedConsumer consumer;
    /** The update that runs and when it ends. */
    private Optional<UpdateResult> result;
    private long endsAt;
    private boolean isRunning;

    LearnerLife(SimulatedLog log, Pace pace, Fault fault, Map<String, String> settings) {
        super(log, pace, fault, 16);
        this.settings = new LearnerSettings(resolve(CATALOGUE, settings));
    }

    @Override
    void start() {
        LinearModel model = new LinearModel(fault.rounding(starts++));
        Restart restart = Restart.read(() -> log.reader(pace.clock(), fault), LearnerHistory.TOPICS, settings, model, PromptVerifier.off(),
                METERS, sink.checkpoints().stream().reduce((before, last) -> last));
        ContinualLearner learner = new ContinualLearner(settings.learning(), model);
        CandidateWriter candidates = new CandidateWriter(sink, LearnerHistory.TOPICS.promptCandidates(), settings, Optional.empty(),
                restart, pace.clock());
        updates = new UpdateRunner(candidates, model, METERS, restart, new Activity(pace.clock()::monotonicTime));
        progress = new LearnerProgress(settings, learner, model, restart, new Catchup("The learner"), METERS, pace.clock(),
                SimulatedConsumer.POLL);
        isRunning = false;
        consumer = new SimulatedConsumer(log, Map.of(FEATURES, restart.begin()), pace, fault);
    }

    @Override
    void poll() {
        List<ConsumerRecord<byte[], byte[]>> records = consumer.poll();
        endIfOver();
        progress.add(records, 0);
        pace.stallOneIn(60, 5_000);
        takeIn(consumer.position(FEATURES));
        pace.killOneIn(300);
        pace.sleepIfQuiet(records.isEmpty() && !isRunning, log);
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
}
