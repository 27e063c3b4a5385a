package dev.promptgate.simulation;

import dev.promptgate.evaluator.EvaluatorIntake;
import dev.promptgate.evaluator.GatekeeperStart;
import dev.promptgate.evaluator.config.EvaluatorMeters;
import dev.promptgate.evaluator.config.EvaluatorSettings;
import dev.promptgate.messaging.trust.PromptVerifier;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.Setting;
import dev.promptgate.service.settings.SettingsCatalogue;
import dev.promptgate.service.settings.SettingsSources;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Evaluators that live through a {@link EvaluatorHistory}, one after another, at a pace drawn from a seed: each is taken up from what the
 * log holds when the one before it was killed, between two polls or before or behind a transaction. What they wrote is kept.
 */
final class EvaluatorLife {
    private static final SettingsCatalogue CATALOGUE = new SettingsCatalogue(
            Stream.of(PromptSettings.ALL.all(), EvaluatorSettings.ALL.all()).<Setting<?>>flatMap(List::stream).toList(), List.of(),
            key -> true);
    private static final EvaluatorMeters METERS = new EvaluatorMeters(new SimpleMeterRegistry(), EvaluatorHistory.PROMPT);

    final SimulatedLog log;
    final List<List<ProducerRecord<byte[], byte[]>>> transactions = new ArrayList<>();
    final Pace pace;
    final AccuracyModel model;
    private final EvaluatorSettings settings;
    private final GatekeeperStart.Means means;

    EvaluatorLife(EvaluatorHistory history, long seed, boolean isKilled) {
        log = history.log.copy();
        pace = new Pace(EvaluatorHistory.BEGIN, history.end, 15_000, seed, isKilled);
        settings = new EvaluatorSettings(CATALOGUE.resolve(SettingsSources.of(history.settings)));
        model = new AccuracyModel(history.handWritten, () -> pace.stallOneIn(8, 3_000));
        means = new GatekeeperStart.Means(() -> log.reader(pace.clock()), EvaluatorHistory.TOPICS,
                model,
                new GatekeeperStart.EvaluatorTrust(PromptVerifier.off(), PromptVerifier.off(), Optional.empty()), METERS, pace.clock());
        pace.live(this::live);
    }

    private void live() {
        GatekeeperStart start = GatekeeperStart.read(settings, means, this::write);
        EvaluatorIntake intake = new EvaluatorIntake(settings, means, start, SimulatedConsumer.POLL);
        SimulatedConsumer consumer = new SimulatedConsumer(log, intake.offsets(), pace.clock(), pace.random());
        while (!pace.isOver()) {
            List<ConsumerRecord<byte[], byte[]>> records = consumer.poll();
            intake.add(records, consumer::isAtEnd);
            pace.stallOneIn(60, 5_000);
            intake.takeIn(consumer.position(start.features()));
            pace.killOneIn(300);
            pace.sleepIfQuiet(records.isEmpty() && intake.waiting() == 0, log);
        }
    }

    private void write(Collection<ProducerRecord<byte[], byte[]>> records, OffsetAndMetadata checkpoint) {
        pace.killOneIn(6);
        if (pace.random().nextInt(6) == 0) {
            log.transact(records, pace.clock().wallTime(), pace.clock().wallTime(), true);
        }
        log.transact(records, pace.clock().wallTime(), pace.clock().wallTime(), false);
        transactions.add(List.copyOf(records));
        pace.killOneIn(6);
    }
}
