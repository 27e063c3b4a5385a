package dev.promptgate.history;

import dev.promptgate.cli.command.KnownSettings;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.encoder.config.EncoderSettings;
import dev.promptgate.evaluator.GateReplay;
import dev.promptgate.evaluator.GatekeeperStart.EvaluatorTrust;
import dev.promptgate.evaluator.config.EvaluatorSettings;
import dev.promptgate.history.flow.AcknowledgedKept;
import dev.promptgate.history.flow.NoAbortedRecordRead;
import dev.promptgate.history.flow.NoTornTransaction;
import dev.promptgate.history.flow.NothingLost;
import dev.promptgate.history.flow.NothingTwice;
import dev.promptgate.history.flow.OrderPerKey;
import dev.promptgate.history.invariant.Finding;
import dev.promptgate.history.invariant.Invariant;
import dev.promptgate.history.prompt.FiguresDecide;
import dev.promptgate.history.prompt.LiveWasJudged;
import dev.promptgate.history.prompt.LiveWasNotRefused;
import dev.promptgate.history.prompt.RolloutsAsReported;
import dev.promptgate.history.prompt.VersionsGrow;
import dev.promptgate.history.replay.CandidatesRecompute;
import dev.promptgate.history.replay.VerdictsRecompute;
import dev.promptgate.learner.config.LearnerSettings;
import dev.promptgate.learner.update.CandidateReplay;
import dev.promptgate.learner.update.Checkpoint;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.record.SourcePosition;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.messaging.topic.TopicSpec;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.SettingsSources;
import dev.promptgate.service.settings.SettingsValues;
import dev.promptgate.service.settings.TrustSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;

/**
 * Decides from the topics whether an installation kept what it promises: each invariant by its name, with the records that break it. Reads
 * only, and may run while services do. In memory are some bits for each labelled image, some hundred bytes for each image id, and one
 * number for each class and candidate; where something is recomputed, the services' own memories and all candidates, too.
 *
 * @param values the settings of the services that are checked
 * @param acknowledged what brokers acknowledged to producers, by where it stands, with its id; empty if no producer kept a list
 */
public record HistoryCheck(KafkaClients clients, TopicNames topics, SettingsValues values, Map<SourcePosition, String> acknowledged) {
    /** All findings; prints as a line each. */
    public record Result(List<Finding> invariants) {
        public boolean isClean() {
            return invariants.stream().allMatch(Finding::holds);
        }

        /** Those that were broken, by their names. */
        public List<String> broken() {
            return invariants.stream().filter(finding -> !finding.holds()).map(Finding::invariant).toList();
        }

        @Override
        public String toString() {
            return String.join(System.lineSeparator(), invariants.stream().map(Finding::toString).toList());
        }
    }

    /** Of services with default settings. */
    public static HistoryCheck of(KafkaClients clients, TopicNames topics) {
        return of(clients, topics, Map.of());
    }

    /** Of services with these settings, the rest being default. */
    public static HistoryCheck of(KafkaClients clients, TopicNames topics, Map<String, String> settings) {
        return new HistoryCheck(clients, topics, KnownSettings.catalogue().resolve(SettingsSources.of(settings)), Map.of());
    }

    public HistoryCheck withAcknowledged(Map<SourcePosition, String> records) {
        return new HistoryCheck(clients, topics, values, records);
    }

    /** Without a model: nothing is recomputed but verdicts from their own counts. */
    public Result run() {
        return run(invariants(), false);
    }

    /**
     * The same, and verdicts are recomputed from features and contexts, what candidates learned from is from the features.
     *
     * @param trains whether updates are run again, too, and contexts compared
     */
    public Result run(ClipModel model, boolean trains) {
        List<Invariant> invariants = invariants();
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        invariants.add(new CandidatesRecompute(new CandidateReplay(new LearnerSettings(values), model, registry), model.fingerprint(),
                trains));
        invariants.add(new VerdictsRecompute(new GateReplay(new EvaluatorSettings(values), model,
                EvaluatorTrust.of(new TrustSettings(values)), registry)));
        return run(invariants, true);
    }

    private Result run(List<Invariant> invariants, boolean again) {
        try (HistoryReader reader = new HistoryReader(clients, topics, new EncoderSettings(values).group(topics.prefix()),
                values.get(PromptSettings.NAME), invariants)) {
            reader.read();
            if (again) {
                reader.readAgain();
            }
        }
        return new Result(invariants.stream().map(Invariant::finish).toList());
    }

    private List<Invariant> invariants() {
        List<Invariant> invariants = new ArrayList<>(List.of(new NothingLost(System.currentTimeMillis(), TopicSpec.UNCOMPACTED),
                new NothingTwice(), new OrderPerKey(), new NoTornTransaction(this::checkpoint), new NoAbortedRecordRead(),
                new VersionsGrow(), new LiveWasJudged(), new LiveWasNotRefused(),
                new RolloutsAsReported(this::rolloutsEnd), new FiguresDecide()));
        if (!acknowledged.isEmpty()) {
            invariants.add(0, new AcknowledgedKept(acknowledged));
        }
        return invariants;
    }

    private OptionalLong rolloutsEnd() {
        TopicPartition rollouts = new TopicPartition(topics.promptRollouts(), 0);
        try (TopicLog committed = new TopicLog(clients); TopicLog all = new TopicLog(HistoryReader.uncommitted(clients))) {
            long end = committed.ends(rollouts.topic()).get(rollouts);
            return all.ends(rollouts.topic()).get(rollouts) == end ? OptionalLong.of(end) : OptionalLong.empty();
        }
    }

    private Optional<Checkpoint> checkpoint() {
        return Optional.ofNullable(HistoryReader.committed(clients, new LearnerSettings(values).writerName(topics.prefix()))
                .get(new TopicPartition(topics.imageFeatures(), 0))).flatMap(Checkpoint::decode);
    }
}
