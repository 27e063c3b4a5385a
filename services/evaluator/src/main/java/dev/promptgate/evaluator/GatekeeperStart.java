package dev.promptgate.evaluator;

import dev.promptgate.clip.PromptModel;
import dev.promptgate.evaluator.GatekeeperStart.EvaluatorTrust;
import dev.promptgate.evaluator.candidate.CandidateCheck;
import dev.promptgate.evaluator.config.EvaluatorMeters;
import dev.promptgate.evaluator.config.EvaluatorSettings;
import dev.promptgate.evaluator.gate.Gate;
import dev.promptgate.evaluator.gate.GateEvent;
import dev.promptgate.evaluator.gate.GateSnapshot;
import dev.promptgate.evaluator.gate.GateState;
import dev.promptgate.evaluator.history.CandidateHistory;
import dev.promptgate.evaluator.history.ReportHistory;
import dev.promptgate.evaluator.input.EmbeddingsTopic;
import dev.promptgate.evaluator.input.InputOrder.Input;
import dev.promptgate.evaluator.input.InputReader;
import dev.promptgate.evaluator.input.LiveTopics;
import dev.promptgate.evaluator.input.RolloutsTopic;
import dev.promptgate.evaluator.report.Announcer;
import dev.promptgate.evaluator.report.EmbeddingsWriter;
import dev.promptgate.evaluator.report.ReportWriter;
import dev.promptgate.follower.ModelCheck;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.messaging.client.TopicReader;
import dev.promptgate.messaging.record.PromptKey;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.messaging.transaction.RecordSink;
import dev.promptgate.messaging.trust.PromptSigner;
import dev.promptgate.messaging.trust.PromptVerifier;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.TrustSettings;
import io.micrometer.core.instrument.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * A gatekeeper as the topics say an earlier one left it.
 *
 * @param live what prompt-rollouts and class-embeddings hold
 * @param features the partition of image-features
 * @param begin offset of its first record
 * @param end offset behind its last one
 * @param replayBefore features before this offset are replayed, those from it on are taken in
 * @param pending candidates and commands that were not taken in yet
 * @param ends per partition of these, the offset behind what was read
 */
public record GatekeeperStart(Gatekeeper gatekeeper, LiveTopics live, TopicPartition features, long begin, long end,
        long replayBefore, Map<Input, List<ConsumerRecord<byte[], byte[]>>> pending, Map<TopicPartition, Long> ends) {
    /** What a gatekeeper works with; {@code logs} reads the topics. */
    public record Means(Supplier<TopicReader> logs, TopicNames topics, PromptModel model, EvaluatorTrust trust, EvaluatorMeters meters,
            Clock clock) {}

    /** Blocking. Nothing that an earlier evaluator wrote may appear from now on; what the gatekeeper decides goes to the sink. */
    public static GatekeeperStart read(EvaluatorSettings settings, Means means, RecordSink sink) {
        TopicNames topics = means.topics();
        PromptModel model = means.model();
        PromptKey key = new PromptKey(settings.prompt());
        Prompt handWritten = Prompt.handWritten(settings.prompt(),
                model.textEncoder().contextFrom(settings.get(PromptSettings.CONTEXT_INIT)));
        int tokens = handWritten.context().tokens();
        CandidateCheck check = new CandidateCheck(new ModelCheck(settings.prompt(), model, tokens), means.trust().candidates());
        ReportHistory reports = new ReportHistory(key);
        try (TopicReader log = means.logs().get()) {
            log.forEach(topics.evaluationReports(), reports::take);
            GateSnapshot snapshot = reports.state(model.fingerprint());
            CandidateHistory candidates = new CandidateHistory(key, check, snapshot, reports);
            List<ConsumerRecord<byte[], byte[]>> commands = new ArrayList<>();
            LiveTopics live = new LiveTopics(topics, new RolloutsTopic(key, means.trust().rollouts()),
                    new EmbeddingsTopic(settings.prompt(), means.trust().rollouts()));
            Map<TopicPartition, Long> ends = new HashMap<>(log.forEach(topics.promptCandidates(), candidates::take));
            ends.putAll(log.forEach(topics.gateCommands(), commands::add));
            commands.removeIf(record -> record.offset() < snapshot.progress().nextCommand() || !key.isOf(record));
            live.all().forEach(topic -> ends.putAll(log.forEach(topic, live::take)));
            GateState state = new GateState(limits(settings), snapshot, reports.waves(), candidates.prompts(handWritten));
            if (reports.isEmpty()) {
                live.rollouts().prompt(check.content()).ifPresent(prompt -> state.apply(new GateEvent.Adopted(prompt)));
            }
            Gate gate = new Gate(settings.gate(), settings.get(EvaluatorSettings.RECHECK_IMAGES),
                    settings.get(EvaluatorSettings.TARGET_ERROR), settings.get(EvaluatorSettings.INCONCLUSIVE_DEADLINE).toSeconds(), model,
                    version -> findLive(version, means, key, check));
            Announcer announcer = new Announcer(settings.prompt(), settings.gate(), means.meters(),
                    reportWriter(settings, means, sink, live), means.clock()::wallTime);
            InputReader reader = new InputReader(model, tokens, check, reports::wasRefused, () -> featuresEnd(means), means.meters());
            Gatekeeper gatekeeper = new Gatekeeper(gate, state, reader, announcer, model, means.clock());
            if (!reports.isEmpty()) {
                gatekeeper.repair(live);
            }
            TopicPartition features = log.partitions(topics.imageFeatures()).get(0);
            return new GatekeeperStart(gatekeeper, live, features, log.begin(features),
                    log.ends(topics.imageFeatures()).get(features), snapshot.progress().position(),
                    new EnumMap<>(Map.of(Input.CANDIDATES, candidates.pending(), Input.COMMANDS, commands)), ends);
        }
    }

    private static long featuresEnd(Means means) {
        try (TopicReader log = means.logs().get()) {
            return log.ends(means.topics().imageFeatures()).get(log.partitions(means.topics().imageFeatures()).get(0));
        }
    }

    private static ReportWriter reportWriter(EvaluatorSettings settings, Means means, RecordSink sink, LiveTopics live) {
        PromptKey key = new PromptKey(settings.prompt());
        EmbeddingsWriter embeddings = new EmbeddingsWriter(means.model(), settings.get(EvaluatorSettings.EMBEDDINGS_TYPE),
                EmbeddingsWriter.PART_BYTES, key, live.embeddings().parts());
        return new ReportWriter(sink, means.topics(), key, means.trust().rolloutSigner(), embeddings);
    }

    /** The prompt of a version that was live, from the topics, which are read through. */
    private static Optional<Prompt> findLive(long version, Means means, PromptKey key, CandidateCheck check) {
        ReportHistory reports = new ReportHistory(key);
        List<Prompt> found = new ArrayList<>();
        try (TopicReader log = means.logs().get()) {
            log.forEach(means.topics().evaluationReports(), reports::take);
            if (reports.wasLive(version)) {
                log.forEach(means.topics().promptCandidates(), record -> {
                    if (key.isOf(record) && !reports.wasRefused(record.offset())) {
                        CandidateHistory.read(check, record).filter(prompt -> prompt.version() == version).ifPresent(found::add);
                    }
                });
            }
        }
        return found.stream().findFirst().map(reports::asRolledOut);
    }

    static GateState.Limits limits(EvaluatorSettings settings) {
        return new GateState.Limits(settings.get(EvaluatorSettings.INCONCLUSIVE_DEADLINE), settings.get(EvaluatorSettings.COOL_DOWN),
                settings.get(EvaluatorSettings.MAX_IMAGES_PER_CLASS), settings.watch());
    }

    /** Whom the evaluator trusts in prompt-candidates and prompt-rollouts, and what it signs with there; empty for no signatures. */
    public record EvaluatorTrust(PromptVerifier candidates, PromptVerifier rollouts, Optional<PromptSigner> rolloutSigner) {
        /** As the settings say; who signs rollouts and names no public keys trusts its own signatures alone. */
        public static EvaluatorTrust of(TrustSettings settings) {
            Optional<PromptSigner> signer = settings.rolloutSigner();
            PromptVerifier given = settings.rolloutVerifier();
            PromptVerifier rollouts = given.isOn() ? given : signer.map(PromptSigner::verifier).orElse(given);
            return new EvaluatorTrust(settings.candidateVerifier(), rollouts, signer);
        }
    }
}
