package dev.promptgate.simulation;

import dev.promptgate.messaging.transaction.CheckpointedWriter;
import dev.promptgate.messaging.transaction.TransactionalWriter.FencedException;
import dev.promptgate.service.settings.Setting;
import dev.promptgate.service.settings.SettingsCatalogue;
import dev.promptgate.service.settings.SettingsGroup;
import dev.promptgate.service.settings.SettingsSources;
import dev.promptgate.service.settings.SettingsValues;
import dev.promptgate.service.settings.PromptSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * A service on a simulated log, at a pace of its own: now and then its process is killed, between two polls or before or behind a
 * transaction, and another is started on what the log and the checkpoint hold; or another is started while it only stood still, and both go
 * on until Kafka tells one that the other has its place. Not thread-safe.
 */
abstract class Life {
    /** A process of the service. */
    @FunctionalInterface
    interface Process {
        /** One poll, and what is done with it. */
        void poll();
    }

    private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(10);
    private static final int MOST_POLLS_OF_SUCCESSOR = 100;

    final SimulatedLog log;
    final Pace pace;
    final Fault fault;
    final SimulatedCoordinator coordinator;
    private final TopicPartition features;
    /** Those that are alive, the newest last, without those that stand still in the midst of a transaction. */
    private final List<Process> processes = new ArrayList<>();
    private Optional<Process> polling = Optional.empty();
    private Runnable meanwhile = () -> {};

    /**
     * @param features what checkpoints are offsets of
     * @param killedAtOneIn how many transactions there are to a kill before one, and to one behind
     */
    Life(SimulatedLog log, Pace pace, Fault fault, TopicPartition features, int killedAtOneIn) {
        this.log = log;
        this.pace = pace;
        this.fault = fault;
        this.features = features;
        coordinator = new SimulatedCoordinator(log, pace, fault, killedAtOneIn, this::successor);
    }

    /** Has others who write what this service reads go on up to its time, before each poll and start. */
    final void meanwhile(Runnable others) {
        meanwhile = others;
    }

    /** Starts a process, which writes by a writer of its own. */
    abstract Process start(CheckpointedWriter writer);

    /** The next poll of one of its processes, or a start. */
    final void goOn() {
        if (pace.isEnding() && processes.size() > 1) {
            processes.subList(0, processes.size() - 1).clear();
        }
        if (processes.isEmpty() || pace.isReplacedOneIn(400)) {
            add();
        } else {
            poll(processes.get(pace.random().nextInt(processes.size())));
        }
    }

    final void goOnToTheEnd() {
        while (!pace.isOver()) {
            goOn();
        }
    }

    private void add() {
        meanwhile.run();
        try {
            processes.add(start(new CheckpointedWriter(coordinator, "simulated", features, TRANSACTION_TIMEOUT)));
        } catch (Pace.KilledException e) {
            pace.killed();
        }
    }

    private void poll(Process process) {
        meanwhile.run();
        Optional<Process> before = polling;
        polling = Optional.of(process);
        try {
            process.poll();
        } catch (Pace.KilledException | KafkaException | FencedException e) {
            processes.remove(process);
            pace.killed();
        } finally {
            polling = before;
        }
    }

    /** What others do while the process that polls stands still. */
    private void successor() {
        Process still = polling.orElseThrow();
        processes.remove(still);
        add();
        for (int polls = pace.random().nextInt(MOST_POLLS_OF_SUCCESSOR); polls > 0 && !pace.isEnding(); polls--) {
            goOn();
        }
        processes.add(0, still);
    }

    static SettingsCatalogue catalogue(SettingsGroup group) {
        return new SettingsCatalogue(Stream.of(PromptSettings.ALL.all(), group.all()).<Setting<?>>flatMap(List::stream).toList(), List.of(),
                key -> true);
    }

    final SettingsValues resolve(SettingsCatalogue catalogue, Map<String, String> given) {
        Map<String, String> settings = new HashMap<>(given);
        settings.replaceAll(fault::setting);
        return catalogue.resolve(SettingsSources.of(settings));
    }
}
