package dev.promptgate.simulation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.messaging.report.ComparedPrompts.ComparedOn;
import dev.promptgate.messaging.report.EvaluationReport;
import dev.promptgate.messaging.report.EvaluationReport.Kind;
import dev.promptgate.messaging.report.EvaluationReport.RefusalReport;
import dev.promptgate.messaging.report.EvaluationReport.ReplacementReport;
import dev.promptgate.messaging.report.EvaluationReport.ReplacementReport.Cause;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport;
import dev.promptgate.messaging.report.ReportCodec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What must hold of a life of evaluators, by what they wrote and by what their history says of the truth. */
final class EvaluatorChecker {
    /** A candidate counts as worse than allowed from here on: a few images have changed their classes. */
    private static final double WORSE = 1.1 * EvaluatorHistory.MAX_SEEN_DROP;

    private final EvaluatorHistory history;
    private final EvaluatorLife life;
    private final List<EvaluationReport> reports = new ArrayList<>();
    private final List<Long> live = new ArrayList<>(List.of(0L));

    EvaluatorChecker(EvaluatorHistory history, EvaluatorLife life) throws Exception {
        this.history = history;
        this.life = life;
        for (List<ProducerRecord<byte[], byte[]>> transaction : life.transactions) {
            take(transaction);
        }
    }

    /** A change of what is live and its report are one transaction, with the embeddings of the same version. */
    private void take(List<ProducerRecord<byte[], byte[]>> transaction) throws Exception {
        int changes = 0;
        Set<Long> embedded = new HashSet<>();
        long rolledOut = live.get(live.size() - 1);
        for (ProducerRecord<byte[], byte[]> record : transaction) {
            if (record.topic().equals(EvaluatorHistory.TOPICS.promptRollouts())) {
                rolledOut = record.value() == null ? 0 : PromptCodec.decode(record.value()).version();
                live.add(rolledOut);
                changes++;
            } else if (record.topic().equals(EvaluatorHistory.TOPICS.classEmbeddings())) {
                changes++;
            } else {
                EvaluationReport report = ReportCodec.decode(record.value());
                reports.add(report);
                embedded.add(changed(report));
            }
        }
        embedded.remove(-1L);
        assertEquals(changes == 0 ? Set.of() : Set.of(rolledOut), embedded, "a change of what is live, and its report");
        assertTrue(changes == 0 || changes >= 2, "prompt and embeddings");
    }

    /** The version that a report says is live now instead of another; −1 for none. */
    private static long changed(EvaluationReport report) {
        if (report instanceof VerdictReport verdict && verdict.isRolledOut()) {
            return verdict.ruling().candidateVersion();
        }
        return report instanceof ReplacementReport replaced && replaced.kind() != Kind.ALARM ? replaced.replacement().to() : -1;
    }

    /**
     * No candidate is lost or settled twice; what goes live was judged and passed, by versions that grow, and judged on the right images.
     */
    void check() throws Exception {
        Map<Long, Integer> settled = new HashMap<>();
        Set<Long> passed = new HashSet<>(Set.of(0L));
        long last = 0;
        for (EvaluationReport report : reports) {
            if (report instanceof RefusalReport refusal) {
                settled.merge(refusal.refused().candidateOffset(), 1, Integer::sum);
            } else if (report instanceof VerdictReport verdict) {
                if (verdict.ruling().isFinal()) {
                    settled.merge(verdict.ruling().candidateOffset(), 1, Integer::sum);
                }
                if (verdict.isRolledOut()) {
                    long version = verdict.ruling().candidateVersion();
                    assertEquals(VerdictReport.Answer.PASS, verdict.ruling().outcome());
                    assertTrue(version > last, "rolled out after a newer one: " + version);
                    last = version;
                    passed.add(version);
                }
                verdict.comparison().ifPresent(compared -> checkImages(verdict.ruling().candidateVersion(), compared.space()));
            } else if (changed(report) >= 0) {
                assertTrue(passed.contains(changed(report)), "live without a verdict: " + changed(report));
            }
        }
        Set<Long> open = unsettled();
        life.log.all(EvaluatorHistory.TOPICS.promptCandidates()).forEach(record -> assertEquals(open.contains(record.offset()) ? 0 : 1,
                settled.getOrDefault(record.offset(), 0), "verdicts on the candidate at offset " + record.offset()));
    }

    /** Where the newest of a class judge alone, the set is more than the last word on each image. */
    private void checkImages(long version, ComparedOn space) {
        if (history.settings.get("evaluator.max-images-per-class").length() < 4) {
            return;
        }
        Set<String> seen = Set.copyOf(history.classes.get(version));
        int ofSeen = 0;
        int ofUnseen = 0;
        FeatureLedger ledger = new FeatureLedger(
                history.log.read(EvaluatorHistory.TOPICS.imageFeatures(), 0, space.horizon(), 0));
        for (ImageFeature image : ledger.judgingOrTraining().filter(one -> one.split() != Split.TRAIN).toList()) {
            ofSeen += seen.contains(image.label()) && image.split() != Split.PROBE ? 1 : 0;
            ofUnseen += seen.contains(image.label()) ? 0 : 1;
        }
        assertEquals(List.of(ofSeen, ofUnseen), List.of(space.seenImages(), space.unseenImages()), "images that judge " + version);
    }

    /** The offsets of candidates that the last state still holds. */
    private Set<Long> unsettled() {
        Set<Long> open = new HashSet<>();
        if (!reports.isEmpty()) {
            reports.get(reports.size() - 1).after().state().path("unsettled").forEach(one -> open.add(one.path("offset").asLong()));
        }
        return open;
    }

    /** The same decisions as in another life, and the same records of what is live. Measurements come when nothing else does. */
    void requireSameAs(EvaluatorChecker other) {
        List<String> mine = decisions();
        List<String> theirs = other.decisions();
        for (int i = 0; i < Math.min(mine.size(), theirs.size()); i++) {
            assertEquals(theirs.get(i), mine.get(i), "decision " + i);
        }
        int same = Math.min(mine.size(), theirs.size());
        assertEquals(theirs.subList(same, theirs.size()), mine.subList(same, mine.size()), "decisions");
        for (String topic : List.of(EvaluatorHistory.TOPICS.promptRollouts(), EvaluatorHistory.TOPICS.classEmbeddings())) {
            assertArrayEquals(other.life.log.all(topic).stream().map(record -> record.value()).toArray(byte[][]::new),
                    life.log.all(topic).stream().map(record -> record.value()).toArray(byte[][]::new), topic);
        }
    }

    long measurements() {
        return reports.stream().filter(report -> report.kind() == Kind.MEASUREMENT).count();
    }

    private List<String> decisions() {
        return reports.stream().filter(report -> report.kind() != Kind.MEASUREMENT).map(EvaluatorChecker::decision).toList();
    }

    private static String decision(EvaluationReport report) {
        String figures = report instanceof VerdictReport verdict ? verdict.ruling() + " " + verdict.comparison() + " " + verdict.rollout()
                : report.reason();
        return "%s of live %d: %s, paused %s, cool-down until %d".formatted(report.kind(), report.head().liveVersion(), figures,
                report.after().isPaused(), report.after().coolDownUntil());
    }

    /** Counts what happened, and what the gate and the watch got wrong, by the truth, where that is known all the time. */
    void count(GateErrors errors) {
        reports.forEach(report -> errors.saw(report.kind().wireName() + " " + what(report)));
        Map<Long, Boolean> worse = new HashMap<>();
        Map<Long, Boolean> fine = new HashMap<>();
        for (EvaluationReport report : reports) {
            if (report instanceof VerdictReport verdict && verdict.ruling().look() > 0 && verdict.comparison().isPresent()) {
                long version = verdict.ruling().candidateVersion();
                double loss = loss(verdict.head().liveVersion(), version);
                if (loss >= WORSE) {
                    worse.merge(version, verdict.isRolledOut(), Boolean::logicalOr);
                } else if (loss <= EvaluatorHistory.MAX_SEEN_DROP && verdict.isRolledOut()) {
                    fine.put(version, false);
                }
            } else if (report instanceof ReplacementReport replaced && replaced.kind() == Kind.ROLLBACK
                    && replaced.replacement().cause() == Cause.WATCH
                    && loss(replaced.replacement().to(), replaced.replacement().from()) <= EvaluatorHistory.MAX_SEEN_DROP) {
                fine.put(replaced.replacement().from(), true);
            }
        }
        if (!history.drifts) {
            worse.values().forEach(isOut -> errors.count("a prompt that loses more than allowed is rolled out",
                    1 - Double.parseDouble(history.settings.get("evaluator.confidence")), isOut));
            fine.values().forEach(isBack -> errors.count("a prompt that loses no more than allowed is rolled back by the watch",
                    1 - Double.parseDouble(history.settings.get("evaluator.watch-confidence")), isBack));
        }
    }

    private static String what(EvaluationReport report) {
        if (report instanceof VerdictReport verdict) {
            return verdict.isRolledOut() ? "rolled out" : verdict.ruling().outcome() + " " + verdict.rollout().heldBy();
        }
        return report instanceof ReplacementReport replaced ? replaced.replacement().cause().wireName() : "";
    }

    private double loss(long before, long after) {
        return history.accuracies.get(before) - history.accuracies.get(after);
    }
}
