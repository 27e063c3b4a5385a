package dev.promptgate.cli.trace;

import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.learning.prompt.PromptMetadata;
import dev.promptgate.learning.prompt.UnreadablePromptException;
import dev.promptgate.messaging.record.ImageErasure;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.PromptKey;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import dev.promptgate.messaging.record.SourcePosition;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.messaging.report.EvaluationReport;
import dev.promptgate.messaging.report.EvaluationReport.Kind;
import dev.promptgate.messaging.report.EvaluationReport.RefusalReport;
import dev.promptgate.messaging.report.EvaluationReport.ReplacementReport;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport;
import dev.promptgate.messaging.report.ReportCodec;
import dev.promptgate.messaging.report.ReportCodec.InvalidReportException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The candidates, reports and rollouts of one prompt; what cannot be read is passed over. Not thread-safe. */
final class PromptHistory {
    /** A candidate, without its context, or a rollout; version 0 is the hand-written prompt, and has no metadata. */
    record Version(ConsumerRecord<byte[], byte[]> record, long number, Optional<PromptMetadata> about) {
        /** Offset in image-features: records before it were there to learn from. */
        long horizon() {
            return about.map(metadata -> metadata.featureOffsets().getOrDefault(0, 0L)).orElse(0L);
        }

        /** Whether it was learned on the image's class when the image was there. */
        boolean covers(FeatureRecord image) {
            ImageFeature feature = image.feature().orElseThrow();
            return feature.split() == Split.TRAIN && image.countsAt(horizon()) && about.filter(
                    known -> known.modelFingerprint().equals(feature.modelFingerprint()) && known.classes().contains(feature.label()))
                    .isPresent();
        }
    }

    record Reported<R extends EvaluationReport>(ConsumerRecord<byte[], byte[]> record, R report) {
        long judgedVersion() {
            return report instanceof VerdictReport verdict ? verdict.ruling().candidateVersion() : 0;
        }

        boolean isRollout() {
            return report instanceof VerdictReport verdict && verdict.isRolledOut();
        }

        /** Whether it says what became of a candidate. */
        boolean settles(Version candidate) {
            return report instanceof VerdictReport && judgedVersion() == candidate.number()
                    || report instanceof RefusalReport refusal && refusal.refused().candidateOffset() == candidate.record().offset();
        }
    }

    private final PromptKey key;
    private final List<Version> candidates = new ArrayList<>();
    private final List<Version> rollouts = new ArrayList<>();
    private final List<Reported<EvaluationReport>> verdicts = new ArrayList<>();
    private final List<Reported<ReplacementReport>> replacements = new ArrayList<>();

    PromptHistory(String prompt) {
        key = new PromptKey(prompt);
    }

    void candidate(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() != null) {
            version(record, candidates);
        }
    }

    void rollout(ConsumerRecord<byte[], byte[]> record) {
        version(record, rollouts);
    }

    private void version(ConsumerRecord<byte[], byte[]> record, List<Version> versions) {
        if (!key.isOf(record)) {
            return;
        }
        try {
            Optional<PromptMetadata> about = record.value() == null ? Optional.empty()
                    : Optional.of(PromptCodec.decode(record.value()).metadata());
            versions.add(new Version(record, about.map(PromptMetadata::version).orElse(0L), about));
        } catch (UnreadablePromptException e) {
            return; // no prompt of ours
        }
    }

    void report(ConsumerRecord<byte[], byte[]> record) {
        if (!key.isOf(record)) {
            return;
        }
        try {
            EvaluationReport report = ReportCodec.decodeWithoutMemory(record.value());
            if (report instanceof ReplacementReport replacement && replacement.kind() != Kind.ALARM) {
                replacements.add(new Reported<>(record, replacement));
            } else if (report.kind() == Kind.VERDICT || report.kind() == Kind.REFUSAL) {
                verdicts.add(new Reported<>(record, report));
            }
        } catch (InvalidReportException e) {
            return; // no report of ours
        }
    }

    /** Candidates that were learned on the image's class when the image was there, the oldest first. */
    List<Version> covering(FeatureRecord image) {
        return candidates.stream().filter(candidate -> candidate.covers(image)).toList();
    }

    /** The first candidate for which the records of image-features up to an offset, itself included, had been read. */
    Optional<Version> firstSince(long offset) {
        return candidates.stream().filter(candidate -> candidate.horizon() > offset).findFirst();
    }

    /** Whether the live prompt was learned after that. */
    boolean isLiveSince(long offset) {
        return candidates.stream().anyMatch(candidate -> candidate.number() == liveVersion() && candidate.horizon() > offset);
    }

    /** Verdicts for which the image counted, if it is one that judges, the oldest first. */
    List<Reported<EvaluationReport>> judgedWith(FeatureRecord image) {
        return verdicts.stream().filter(judged -> judged.report().kind() == Kind.VERDICT
                && image.countsAt(judged.report().comparison().map(comparison -> comparison.space().horizon()).orElse(0L))).toList();
    }

    /** Verdicts on a candidate, or that it was refused. */
    List<Reported<EvaluationReport>> verdictsOn(Version candidate) {
        return verdicts.stream().filter(judged -> judged.settles(candidate)).toList();
    }

    /** The first report by which one of the versions went live. */
    Optional<Reported<EvaluationReport>> firstRolloutOf(Set<Long> versions) {
        return verdicts.stream().filter(judged -> judged.isRollout() && versions.contains(judged.judgedVersion())).findFirst();
    }

    /** Reports by which one of the versions had to go and none of them came instead. */
    List<Reported<ReplacementReport>> endsOf(Set<Long> versions) {
        return replacements.stream().filter(ended -> versions.contains(ended.report().replacement().from())
                && !versions.contains(ended.report().replacement().to())).toList();
    }

    /** The first record of prompt-rollouts, as far as compaction has left it, with one of the versions. */
    Optional<Version> firstLiveOf(Set<Long> versions) {
        return rollouts.stream().filter(rollout -> versions.contains(rollout.number())).findFirst();
    }

    /** The version that is live; 0 is the hand-written prompt. */
    long liveVersion() {
        return rollouts.isEmpty() ? 0 : rollouts.get(rollouts.size() - 1).number();
    }

    /**
     * A record of image-features with the id that is traced; no feature if the image was deleted by it or it cannot be read. From the
     * offset of the id's next record on this one no longer counts.
     */
    record FeatureRecord(ConsumerRecord<byte[], byte[]> record, Optional<ImageFeature> feature, long replacedAt) {
        static FeatureRecord of(ConsumerRecord<byte[], byte[]> record) {
            try {
                return new FeatureRecord(record, record.value() == null ? Optional.empty() : Optional.of(ImageFeature.decode(record)),
                        Long.MAX_VALUE);
            } catch (InvalidRecordException e) {
                return new FeatureRecord(record, Optional.empty(), Long.MAX_VALUE);
            }
        }

        /** The labelled image, or the erasure, that it comes from; empty if it does not say. */
        Optional<SourcePosition> source() {
            return record.value() == null ? ImageErasure.sourceOf(record) : feature.map(ImageFeature::source);
        }

        FeatureRecord replacedBy(FeatureRecord next) {
            return new FeatureRecord(record, feature, next.record().offset());
        }

        /** Whether it counted for whoever had read the records before the horizon. */
        boolean countsAt(long horizon) {
            return record.offset() < horizon && horizon <= replacedAt;
        }
    }
}
