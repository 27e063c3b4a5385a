package dev.promptgate.evaluator.gatekeeper;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.evaluator.EvaluatorMeters;
import dev.promptgate.evaluator.EvaluatorSettings;
import dev.promptgate.evaluator.EvaluatorTrust;
import dev.promptgate.evaluator.candidate.Candidate;
import dev.promptgate.evaluator.candidate.CandidateCheck;
import dev.promptgate.evaluator.input.InputOrder.Input;
import dev.promptgate.evaluator.report.ReportWriter;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.messaging.transaction.CheckpointedWriter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A gatekeeper as the topics say an earlier one left it.
 *
 * @param liveTopic what prompt-rollouts holds
 * @param features the partition of image-features
 * @param begin offset of its first record
 * @param end offset behind its last one
 * @param replayBefore features before this offset are replayed, those from it on are taken in
 * @param pending candidates and commands that were not taken in yet
 * @param ends per partition of these, the offset behind what was read
 */
public record GatekeeperStart(Gatekeeper gatekeeper, Operator operator, LiveTopic liveTopic, TopicPartition features, long begin, long end,
        long replayBefore,
        Map<Input, List<ConsumerRecord<byte[], byte[]>>> pending, Map<TopicPartition, Long> ends) {
    private static final Logger LOG = LoggerFactory.getLogger(GatekeeperStart.class);

    /** Blocking. Nothing that an earlier evaluator wrote may appear after the writer was opened. */
    public static GatekeeperStart read(EvaluatorSettings settings, KafkaClients clients, TopicNames topics, ClipModel model,
            EvaluatorTrust trust, EvaluatorMeters meters,
            CheckpointedWriter writer) {
        KnownPrompt handWritten = KnownPrompt.handWritten(model.textEncoder().contextFrom(settings.contextInit()));
        CandidateCheck check = new CandidateCheck(settings.prompt(), model, handWritten.context(), trust.candidates());
        Archive archive = new Archive(clients, topics, settings.prompt(), check);
        ReportHistory history = new ReportHistory(settings.prompt());
        try (TopicLog log = new TopicLog(clients)) {
            Map<TopicPartition, Long> ends = new HashMap<>();
            log.forEach(topics.evaluationReports(), history::take);
            GateState state = history.state(model.fingerprint());
            CandidateLog candidates = new CandidateLog(settings.prompt(), state, archive);
            ends.putAll(log.forEach(topics.promptCandidates(), candidates::take));
            List<ConsumerRecord<byte[], byte[]>> commands = new ArrayList<>();
            ends.putAll(log.forEach(topics.gateCommands(), record -> {
                if (record.offset() >= state.nextCommand() && ReportHistory.isFor(settings.prompt(), record)) {
                    commands.add(record);
                }
            }));
            LiveTopic liveTopic = new LiveTopic(settings.prompt(), trust.rollouts());
            ends.putAll(log.forEach(topics.promptRollouts(), liveTopic::take));

            LivePrompts prompts = candidates.livePrompts(handWritten);
            if (history.isEmpty()) {
                liveTopic.usable(check).ifPresent(snapshot -> prompts.rollOut(KnownPrompt.of(snapshot), true));
            }
            Journal journal = new Journal(new ReportWriter(writer, topics, settings.prompt(), trust.rolloutSigner()));
            journal.resume(state);
            LiveRecord live = new LiveRecord(model.textEncoder(), settings.watch(), prompts);
            Gatekeeper gatekeeper = new Gatekeeper(settings, model, check, meters, live, journal);
            gatekeeper.resume(state, history.waves(), candidates.unsettled, candidates.held);
            if (!history.isEmpty() && liveTopic.contradicts(prompts.current(), model.fingerprint())) {
                gatekeeper.repair(liveTopic);
            }
            TopicPartition features = log.partitions(topics.imageFeatures()).get(0);
            Map<Input, List<ConsumerRecord<byte[], byte[]>>> pending = new EnumMap<>(
                    Map.of(Input.CANDIDATES, candidates.pending, Input.COMMANDS, commands));
            return new GatekeeperStart(gatekeeper, new Operator(settings.prompt(), gatekeeper, archive, meters, System::currentTimeMillis),
                    liveTopic, features,
                    log.begin(features), log.ends(topics.imageFeatures()).get(features), state.position(), pending, ends);
        }
    }

    /** Takes from prompt-candidates what a state needs. */
    private static final class CandidateLog {
        private final String prompt;
        private final GateState state;
        private final Archive archive;
        private final Set<Long> neededVersions = new HashSet<>();
        private final Map<Long, Candidate.State> unsettledByOffset = new HashMap<>();
        private final Map<Long, KnownPrompt> byVersion = new HashMap<>();
        private final List<Candidate> unsettled = new ArrayList<>();
        private final List<ConsumerRecord<byte[], byte[]>> pending = new ArrayList<>();
        private Optional<Candidate> held = Optional.empty();

        CandidateLog(String prompt, GateState state, Archive archive) {
            this.prompt = prompt;
            this.state = state;
            this.archive = archive;
            state.live().forEach(level -> neededVersions.addAll(List.of(level.version(), level.best())));
            state.unsettled().forEach(candidate -> unsettledByOffset.put(candidate.offset(), candidate));
        }

        void take(ConsumerRecord<byte[], byte[]> record) {
            if (!ReportHistory.isFor(prompt, record)) {
                return;
            }
            Candidate.State earlier = unsettledByOffset.get(record.offset());
            if (earlier == null && record.offset() >= state.nextCandidate()) {
                pending.add(record);
                return;
            }
            Optional<Prompt> snapshot = archive.read(record);
            if (snapshot.isEmpty()) {
                return;
            }
            if (neededVersions.contains(snapshot.get().metadata().version())) {
                byVersion.putIfAbsent(snapshot.get().metadata().version(), KnownPrompt.of(snapshot.get()));
            }
            if (earlier != null) {
                Candidate candidate = new Candidate(snapshot.get(), earlier, record.timestamp());
                if (earlier.isHeld()) {
                    held = Optional.of(candidate);
                } else {
                    unsettled.add(candidate);
                }
            }
        }

        /** A level whose candidate is gone cannot be gone back to. */
        LivePrompts livePrompts(KnownPrompt handWritten) {
            LivePrompts prompts = new LivePrompts(handWritten);
            byVersion.put(0L, handWritten);
            for (LivePrompts.LevelState level : state.live()) {
                KnownPrompt atLevel = byVersion.get(level.version());
                if (atLevel == null) {
                    LOG.warn("A prompt that was live is gone from prompt-candidates, or cannot be used any more [version: {}]",
                            level.version());
                } else {
                    prompts.push(atLevel, byVersion.getOrDefault(level.best(), atLevel));
                }
            }
            return prompts;
        }
    }
}
