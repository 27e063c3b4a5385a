package dev.promptgate.simulation;

import dev.promptgate.learner.config.LearnerMeters;
import dev.promptgate.learner.config.LearnerSettings;
import dev.promptgate.learner.update.CandidateWriter;
import dev.promptgate.learner.update.LearnerProgress;
import dev.promptgate.learner.update.Restart;
import dev.promptgate.learner.update.UpdateRunner;
import dev.promptgate.learning.continual.ContinualLearner;
import dev.promptgate.messaging.transaction.CheckpointedWriter;
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

    LearnerLife(SimulatedLog log, Pace pace, Fault fault, Map<String, String> settings) {
        super(log, pace, fault, FEATURES, 16);
        this.settings = new LearnerSettings(resolve(CATALOGUE, settings));
    }

    @Override
    Process start(CheckpointedWriter writer) {
        return new Learner(writer, new LinearModel(fault.rounding(starts++)));
    }

    private final class Learner implements Process {
        private final UpdateRunner updates;
        private final LearnerProgress progress;
        private final SimulatedConsumer consumer;
        /** What came due while an update ran. */
        private Optional<LearnerProgress.Due> due = Optional.empty();
        private int mostStepMillis;

        private Learner(CheckpointedWriter writer, LinearModel model) {
            Restart restart = Restart.read(() -> log.reader(pace.clock(), fault), LearnerHistory.TOPICS, settings, model,
                    PromptVerifier.off(), METERS, writer.open());
            ContinualLearner learner = new ContinualLearner(settings.learning(), model);
            CandidateWriter candidates = new CandidateWriter(writer, LearnerHistory.TOPICS.promptCandidates(), settings, Optional.empty(),
                    restart, pace.clock());
            updates = new UpdateRunner(candidates, model, METERS, restart, new Activity(pace.clock()::monotonicTime));
            progress = new LearnerProgress(settings, learner, model, restart, new Catchup("The learner"), METERS, pace.clock(),
                    SimulatedConsumer.POLL);
            consumer = new SimulatedConsumer(log, Map.of(FEATURES, restart.begin()), pace, fault);
            model.onStep(this::listen);
        }

        @Override
        public void poll() {
            boolean isQuiet = takeIn();
            while (due.isPresent()) {
                LearnerProgress.Due next = due.get();
                due = Optional.empty();
                mostStepMillis = pace.random().nextInt(3) == 0 ? 500 : 50;
                progress.end(updates.run(progress.begin(next), next));
                if (due.isEmpty()) {
                    next();
                }
            }
            pace.killOneIn(300);
            pace.sleepIfQuiet(isQuiet, log);
        }

        /** Reads beside an update that runs, as the verticle does, until another is due. */
        private void listen() {
            pace.clock().advance(pace.random().nextInt(mostStepMillis));
            if (due.isEmpty()) {
                takeIn();
                if (due.isEmpty() && progress.isToMakeWay()) {
                    updates.makeWay();
                }
            }
            pace.killOneIn(300);
        }

        /** Whether nothing came. */
        private boolean takeIn() {
            List<ConsumerRecord<byte[], byte[]>> records = consumer.poll();
            progress.add(records, 0);
            pace.stallOneIn(60, 5_000);
            next();
            return records.isEmpty();
        }

        private void next() {
            long position = consumer.position(FEATURES);
            due = progress.next(position);
            if (due.isEmpty()) {
                progress.report(position);
            }
        }
    }
}
