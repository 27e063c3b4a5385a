package dev.promptgate.simulation;

import dev.promptgate.clip.PromptModel;
import dev.promptgate.evaluator.EvaluatorIntake;
import dev.promptgate.evaluator.GatekeeperStart;
import dev.promptgate.evaluator.config.EvaluatorMeters;
import dev.promptgate.evaluator.config.EvaluatorSettings;
import dev.promptgate.messaging.trust.PromptVerifier;
import dev.promptgate.service.settings.SettingsCatalogue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** An evaluator that judges what a log brings. */
final class EvaluatorLife extends Life {
    /** From so long before the end on it is not killed, so that it brings to an end what was begun. */
    static final int ENDING_MILLIS = 3_000;
    private static final SettingsCatalogue CATALOGUE = catalogue(EvaluatorSettings.ALL);
    private static final EvaluatorMeters METERS = new EvaluatorMeters(new SimpleMeterRegistry(), EvaluatorHistory.PROMPT);

    private final EvaluatorSettings settings;
    private final GatekeeperStart.Means means;
    private GatekeeperStart start;
    private EvaluatorIntake intake;
    private SimulatedConsumer consumer;

    EvaluatorLife(SimulatedLog log, Pace pace, Fault fault, Map<String, String> settings, PromptModel model) {
        super(log, pace, fault, 12);
        this.settings = new EvaluatorSettings(resolve(CATALOGUE, settings));
        means = new GatekeeperStart.Means(() -> log.reader(pace.clock(), fault), EvaluatorHistory.TOPICS, model,
                new GatekeeperStart.EvaluatorTrust(PromptVerifier.off(), PromptVerifier.off(), Optional.empty()), METERS, pace.clock());
    }

    @Override
    void start() {
        start = GatekeeperStart.read(settings, means, sink);
        intake = new EvaluatorIntake(settings, means, start, SimulatedConsumer.POLL);
        consumer = new SimulatedConsumer(log, intake.offsets(), pace, fault);
    }

    @Override
    void poll() {
        List<ConsumerRecord<byte[], byte[]>> records = consumer.poll();
        intake.add(records, consumer::isAtEnd);
        pace.stallOneIn(60, 5_000);
        intake.takeIn(consumer.position(start.features()));
        pace.killOneIn(300);
        pace.sleepIfQuiet(records.isEmpty() && intake.waiting() == 0, log);
    }
}
