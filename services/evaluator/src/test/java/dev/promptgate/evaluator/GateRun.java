package dev.promptgate.evaluator;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.evaluator.GateScript.Kind;
import dev.promptgate.evaluator.GateScript.Step;
import dev.promptgate.evaluator.candidate.CandidateCheck;
import dev.promptgate.evaluator.config.EvaluatorMeters;
import dev.promptgate.evaluator.config.EvaluatorSettings;
import dev.promptgate.evaluator.gate.Gate;
import dev.promptgate.evaluator.gate.GateSnapshot;
import dev.promptgate.evaluator.gate.GateState;
import dev.promptgate.evaluator.history.CandidateHistory;
import dev.promptgate.evaluator.history.ReportHistory;
import dev.promptgate.evaluator.input.EmbeddingsTopic;
import dev.promptgate.evaluator.input.InputReader;
import dev.promptgate.evaluator.input.LiveTopics;
import dev.promptgate.evaluator.input.RolloutsTopic;
import dev.promptgate.evaluator.report.Announcer;
import dev.promptgate.evaluator.report.EmbeddingsWriter;
import dev.promptgate.evaluator.report.ReportWriter;
import dev.promptgate.follower.ModelCheck;
import dev.promptgate.follower.RefusedPromptException;
import dev.promptgate.learning.prompt.EmbeddingType;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.messaging.record.PromptKey;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.messaging.trust.PromptVerifier;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Gatekeepers that live through a {@link GateScript}, one after another: what they write is kept as the topics would, and each is started
 * from that. One that crashes loses everything else.
 */
final class GateRun {
    enum Crash {
        NEVER,
        /** Each time a transaction was written. */
        AFTER_WRITING,
        /** Each time a transaction is written for the first time, which fails. */
        BEFORE_WRITING,
        BETWEEN_STEPS
    }

    private static final class CrashException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static final PromptKey KEY = new PromptKey(GateScript.PROMPT);
    private static final TopicNames TOPICS = new TopicNames("");
    /** A set has several parts. */
    private static final int PART_BYTES = 1_000;

    final List<ConsumerRecord<byte[], byte[]>> reports = new ArrayList<>();
    final List<byte[]> rollouts = new ArrayList<>();
    final List<ConsumerRecord<byte[], byte[]>> embeddings = new ArrayList<>();
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ClipModel model;
    private final List<Step> steps;
    private final EvaluatorSettings settings;
    private final Crash crash;
    private final CandidateCheck check;
    private final Prompt handWritten;
    private final EvaluatorMeters meters = new EvaluatorMeters(registry, GateScript.PROMPT);
    private final LiveTopics liveTopics = new LiveTopics(TOPICS, new RolloutsTopic(KEY, PromptVerifier.off()),
            new EmbeddingsTopic(GateScript.PROMPT, PromptVerifier.off()));
    private boolean failing;
    private int at;
    private int starts;

    GateRun(ClipModel model, List<Step> steps, Map<String, String> given, Crash crash) {
        this.model = model;
        this.steps = steps;
        this.crash = crash;
        settings = new EvaluatorSettings(EvaluatorRun.values(given));
        handWritten = Prompt.handWritten(GateScript.PROMPT, model.textEncoder().contextFrom(EvaluatorRun.WORDS));
        check = new CandidateCheck(new ModelCheck(GateScript.PROMPT, model, handWritten.context().tokens()), PromptVerifier.off());
        failing = crash == Crash.BEFORE_WRITING;
        while (at < steps.size()) {
            try {
                live();
            } catch (CrashException e) {
                // the next one takes over
            }
        }
    }

    /** How many gatekeepers there were. */
    int starts() {
        return starts;
    }

    /** Everything reported, as JSON, the state after it included. */
    List<String> reported() {
        return reports.stream().map(record -> new String(record.value(), java.nio.charset.StandardCharsets.UTF_8)).toList();
    }

    /** One gatekeeper's life, from its start to its crash or the script's end. */
    private void live() {
        starts++;
        ReportHistory history = new ReportHistory(KEY);
        reports.forEach(history::take);
        GateSnapshot snapshot = history.state(model.fingerprint());
        CandidateHistory candidates = new CandidateHistory(KEY, check, snapshot, history);
        records(Kind.CANDIDATE, at).forEach(candidates::take);
        GateState state = new GateState(GatekeeperStart.limits(settings), snapshot, history.waves(), candidates.prompts(handWritten));
        Gate gate = new Gate(settings.gate(), settings.get(EvaluatorSettings.RECHECK_IMAGES),
                settings.get(EvaluatorSettings.TARGET_ERROR), settings.get(EvaluatorSettings.INCONCLUSIVE_DEADLINE).toSeconds(), model,
                this::findLive);
        Gatekeeper keeper = new Gatekeeper(gate, state,
                new InputReader(model, handWritten.context().tokens(), check, history::wasRefused, this::featuresEnd, meters),
                new Announcer(GateScript.PROMPT, settings.gate(), meters,
                        new ReportWriter(this::write, TOPICS, KEY, Optional.empty(), new EmbeddingsWriter(model, EmbeddingType.FLOAT16,
                                PART_BYTES, KEY, liveTopics.embeddings().parts())),
                        () -> 0),
                model, Clock.SYSTEM);
        long position = snapshot.progress().position();
        records(Kind.FEATURE, at).stream().filter(record -> record.offset() < position).forEach(keeper::replay);
        Set<Long> pending = candidates.pending().stream().map(ConsumerRecord::offset).collect(Collectors.toCollection(HashSet::new));
        int resumedAt = at;
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            boolean isNew = switch (step.kind()) {
                case FEATURE -> step.record().offset() >= position;
                case CANDIDATE -> i > resumedAt || pending.contains(step.record().offset());
                case COMMAND -> step.record().offset() >= snapshot.progress().nextCommand();
                default -> i >= resumedAt;
            };
            at = Math.max(at, i);
            if (isNew) {
                take(keeper, step);
            }
            if (crash == Crash.BETWEEN_STEPS && i > resumedAt && i % 7 == 0) {
                at = i + 1;
                throw new CrashException();
            }
        }
        keeper.show();
        at = steps.size();
    }

    private void take(Gatekeeper keeper, Step step) {
        switch (step.kind()) {
            case FEATURE -> keeper.feature(step.record());
            case CANDIDATE -> keeper.candidate(step.record());
            case COMMAND -> keeper.command(step.record());
            case ROLLOUT -> {
                liveTopics.take(step.record());
                keeper.repair(liveTopics);
            }
            case IDLE -> keeper.idle(step.time());
            case MEASURE -> keeper.measure();
        }
    }

    private long featuresEnd() {
        return records(Kind.FEATURE, steps.size()).stream().mapToLong(record -> record.offset() + 1).max().orElse(0);
    }

    private void write(Collection<ProducerRecord<byte[], byte[]>> records, Object checkpoint) {
        if (crash == Crash.BEFORE_WRITING) {
            failing = !failing;
            if (!failing) {
                throw new CrashException();
            }
        }
        for (ProducerRecord<byte[], byte[]> record : records) {
            if (record.topic().equals(TOPICS.evaluationReports())) {
                reports.add(new ConsumerRecord<>(record.topic(), 0, reports.size(), record.key(), record.value()));
            } else if (record.topic().equals(TOPICS.classEmbeddings())) {
                embeddings.add(new ConsumerRecord<>(record.topic(), 0, embeddings.size(), record.key(), record.value()));
                liveTopics.take(embeddings.get(embeddings.size() - 1));
            } else {
                rollouts.add(record.value());
            }
        }
        if (crash == Crash.AFTER_WRITING) {
            throw new CrashException();
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> records(Kind kind, int until) {
        return steps.subList(0, Math.min(until + 1, steps.size())).stream().filter(step -> step.kind() == kind).map(Step::record).toList();
    }

    private Optional<Prompt> findLive(long version) {
        ReportHistory history = new ReportHistory(KEY);
        reports.forEach(history::take);
        return history.wasLive(version) ? records(Kind.CANDIDATE, at).stream()
                .filter(record -> !history.wasRefused(record.offset())).map(this::read).flatMap(Optional::stream)
                .filter(prompt -> prompt.version() == version).findFirst().map(history::asRolledOut) : Optional.empty();
    }

    private Optional<Prompt> read(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Optional.of(check.check(record));
        } catch (RefusedPromptException e) {
            return Optional.empty();
        }
    }
}
