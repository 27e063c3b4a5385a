package dev.promptgate.simulation;

import dev.promptgate.clip.PromptModel;
import dev.promptgate.evaluator.EvaluatorIntake;
import dev.promptgate.evaluator.GatekeeperStart;
import dev.promptgate.evaluator.config.EvaluatorMeters;
import dev.promptgate.evaluator.config.EvaluatorSettings;
import dev.promptgate.messaging.transaction.CheckpointedWriter;
import dev.promptgate.messaging.trust.PromptVerifier;
import dev.promptgate.service.settings.SettingsCatalogue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** An evaluator that judges what a log brings. */
final class EvaluatorLife extends Life {
    /** From so long before the end on it is not killed, so that it brings to an end what was begun. */
    static final int ENDING_MILLIS = 3_000;
    private static final SettingsCatalogue CATALOGUE = catalogue(EvaluatorSettings.ALL);
    private static final EvaluatorMeters METERS = new EvaluatorMeters(new SimpleMeterRegistry(), EvaluatorHistory.PROMPT);

    private static final TopicPartition FEATURES = new TopicPartition(EvaluatorHistory.TOPICS.imageFeatures(), 0);

    private final EvaluatorSettings settings;
    private boolean lost;
    private final GatekeeperStart.Means means;

    EvaluatorLife(SimulatedLog log, Pace pace, Fault fault, Map<String, String> settings, PromptModel model) {
        super(log, pace, fault, FEATURES, 12);
        this.settings = new EvaluatorSettings(resolve(CATALOGUE, settings));
        means = new GatekeeperStart.Means(() -> log.reader(pace.clock(), fault), EvaluatorHistory.TOPICS, model,
                new GatekeeperStart.EvaluatorTrust(PromptVerifier.off(), PromptVerifier.off(), Optional.empty()), METERS, pace.clock());
    }

    /** Whether one of its processes read again what compaction had taken a record from. */
    boolean hasLost() {
        return lost;
    }

    @Override
    Process start(CheckpointedWriter writer) {
        writer.open();
        long replayBefore = coordinator.committed("", FEATURES).map(OffsetAndMetadata::offset).orElse(0L);
        GatekeeperStart start = GatekeeperStart.read(settings, means, writer);
        EvaluatorIntake intake = new EvaluatorIntake(settings, means, start, SimulatedConsumer.POLL);
        SimulatedConsumer consumer = new SimulatedConsumer(log, intake.offsets(), pace, fault);
        return () -> {
            lost |= consumer.position(FEATURES) < replayBefore
                    && log.hasLost(FEATURES.topic(), replayBefore, pace.clock().wallTime());
            List<ConsumerRecord<byte[], byte[]>> records = consumer.poll();
            intake.add(records, consumer::isAtEnd);
            pace.stallOneIn(60, 5_000);
            intake.takeIn(consumer.position(start.features()));
            pace.killOneIn(300);
            pace.sleepIfQuiet(records.isEmpty() && intake.waiting() == 0, log);
        };
    }
}
