package dev.promptgate.cli.trace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.learning.prompt.PromptMetadata;
import dev.promptgate.learning.prompt.UnreadablePromptException;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.Split;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The candidates, reports and rollouts of one prompt; what cannot be read is passed over. Not thread-safe. */
final class PromptHistory {
    /** A candidate: its context is not kept. */
    record Candidate(ConsumerRecord<byte[], byte[]> record, PromptMetadata about, Set<String> classes) {
        long version() {
            return about.version();
        }

        /** Offset in image-features: records before it were there to learn from. */
        long horizon() {
            return about.featureOffsets().getOrDefault(0, 0L);
        }

        /** Whether it was learned on the image's class when the image was there. */
        boolean covers(FeatureRecord image) {
            ImageFeature feature = image.feature().orElseThrow();
            return feature.split() == Split.TRAIN && feature.modelFingerprint().equals(about.modelFingerprint())
                    && image.countsAt(horizon()) && classes.contains(feature.label());
        }
    }

    record Report(ConsumerRecord<byte[], byte[]> record, JsonNode json) {
        String kind() {
            return json.path("kind").asText();
        }

        boolean isVerdictOn(long version) {
            return kind().equals("verdict") && json.path("candidate_version").asLong() == version;
        }

        boolean isRollout() {
            return json.path("rolled_out").asBoolean();
        }
    }

    /** A record of prompt-rollouts; version 0 is the hand-written prompt. */
    record Rollout(ConsumerRecord<byte[], byte[]> record, long version) {}

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String prompt;
    private final List<Candidate> candidates = new ArrayList<>();
    private final List<Report> reports = new ArrayList<>();
    private final List<Rollout> rollouts = new ArrayList<>();

    PromptHistory(String prompt) {
        this.prompt = prompt;
    }

    void candidate(ConsumerRecord<byte[], byte[]> record) {
        if (isOfThePrompt(record) && record.value() != null) {
            read(record).ifPresent(about -> candidates.add(new Candidate(record, about, Set.copyOf(about.classes()))));
        }
    }

    void report(ConsumerRecord<byte[], byte[]> record) {
        if (isOfThePrompt(record) && record.value() != null) {
            try {
                JsonNode json = JSON.readTree(record.value());
                if (json instanceof ObjectNode object) {
                    object.remove(List.of("state", "waves")); // the gate's memory, large
                }
                reports.add(new Report(record, json));
            } catch (IOException e) {
                return; // no report of ours
            }
        }
    }

    void rollout(ConsumerRecord<byte[], byte[]> record) {
        if (isOfThePrompt(record)) {
            if (record.value() == null) {
                rollouts.add(new Rollout(record, 0));
            } else {
                read(record).ifPresent(about -> rollouts.add(new Rollout(record, about.version())));
            }
        }
    }

    private boolean isOfThePrompt(ConsumerRecord<byte[], byte[]> record) {
        return record.key() != null && new String(record.key(), StandardCharsets.UTF_8).equals(prompt);
    }

    private static Optional<PromptMetadata> read(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Optional.of(PromptCodec.decode(record.value()).metadata());
        } catch (UnreadablePromptException e) {
            return Optional.empty();
        }
    }

    /** Candidates that were learned on the image's class when the image was there, the oldest first. */
    List<Candidate> covering(FeatureRecord image) {
        return candidates.stream().filter(candidate -> candidate.covers(image)).toList();
    }

    /** Verdicts for which the image counted, if it is one that judges, the oldest first. */
    List<Report> judgedWith(FeatureRecord image) {
        return reports.stream().filter(report -> report.kind().equals("verdict")
                && image.countsAt(report.json().path("feature_offsets").path("0").asLong())).toList();
    }

    /** Verdicts on a candidate, or that it was refused. */
    List<Report> verdictsOn(Candidate candidate) {
        return reports.stream().filter(report -> report.isVerdictOn(candidate.version())
                || report.kind().equals("refusal") && report.json().path("candidate_offset").asLong() == candidate.record().offset())
                .toList();
    }

    /** The first report by which one of the versions went live. */
    Optional<Report> firstRolloutOf(Set<Long> versions) {
        return reports.stream().filter(report -> report.isRollout() && versions.contains(report.json().path("candidate_version").asLong()))
                .findFirst();
    }

    /** Reports by which one of the versions had to go and none of them came instead. */
    List<Report> endsOf(Set<Long> versions) {
        return reports.stream().filter(report -> Set.of("rollback", "repair").contains(report.kind())
                && versions.contains(report.json().path("from").asLong()) && !versions.contains(report.json().path("to").asLong()))
                .toList();
    }

    /** The first record of prompt-rollouts, as far as compaction has left it, with one of the versions. */
    Optional<Rollout> firstLiveOf(Set<Long> versions) {
        return rollouts.stream().filter(rollout -> versions.contains(rollout.version())).findFirst();
    }

    /** The version that is live; 0 is the hand-written prompt. */
    long liveVersion() {
        return rollouts.isEmpty() ? 0 : rollouts.get(rollouts.size() - 1).version();
    }
}
