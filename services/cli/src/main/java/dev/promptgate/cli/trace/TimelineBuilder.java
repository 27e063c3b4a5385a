package dev.promptgate.cli.trace;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.cli.trace.PromptHistory.FeatureRecord;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.messaging.record.SourcePosition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

final class TimelineBuilder {
    private final String id;
    private final Map<SourcePosition, TraceEvent> arrivals;
    private final Map<SourcePosition, TraceEvent> rejections;
    private final List<FeatureRecord> features;
    private final PromptHistory history;
    private final List<TraceEvent> events = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    TimelineBuilder(String id, Map<SourcePosition, TraceEvent> arrivals, Map<SourcePosition, TraceEvent> rejections,
            List<FeatureRecord> features, PromptHistory history) {
        this.id = id;
        this.arrivals = arrivals;
        this.rejections = rejections;
        this.features = features;
        this.history = history;
    }

    boolean isFound() {
        return !arrivals.isEmpty() || !rejections.isEmpty() || !features.isEmpty();
    }

    Timeline build(EncoderProgress encoder, List<String> unread) {
        events.addAll(arrivals.values());
        events.addAll(rejections.values());
        PromptEvents prompts = new PromptEvents(history);
        for (int i = 0; i < features.size(); i++) {
            events.add(encoded(features.get(i), i + 1 < features.size() ? features.get(i + 1) : null));
            if (features.get(i).feature().isPresent()) {
                prompts.add(features.get(i));
            }
        }
        events.addAll(prompts.events());
        events.sort(Comparator.comparingLong(TraceEvent::time).thenComparing(TraceEvent::stage).thenComparingLong(TraceEvent::offset));
        String state = state(prompts, encoder);
        noteOccurrences();
        return new Timeline(id, arrivals.size(), List.copyOf(events), state, notes, complete(unread));
    }

    private TraceEvent encoded(FeatureRecord found, FeatureRecord next) {
        String replaced = next == null ? "" : "; replaced by %s-%d@%d%s".formatted(next.record().topic(), next.record().partition(),
                next.record().offset(), change(found, next));
        if (found.feature().isEmpty()) {
            boolean deleted = found.record().value() == null;
            return TraceEvent.of(deleted ? TraceEvent.Stage.DELETED : TraceEvent.Stage.ENCODED, found.record(),
                    (deleted ? "erased" + found.source().map(TimelineBuilder::askedBy).orElse(": a record without a value")
                            : "the feature cannot be read") + replaced,
                    deleted ? withoutIt(found) : Map.of());
        }
        ImageFeature feature = found.feature().get();
        Map<String, Object> details = TraceEvent.details("label", feature.label(), "split", feature.split().wireName(), "model",
                feature.modelFingerprint(), "source_partition", feature.source().partition(), "source_offset", feature.source().offset());
        feature.file().reference().ifPresent(where -> details.put(TraceEvent.REFERENCE, where));
        if (next != null) {
            details.put("replaced_by_offset", next.record().offset());
        }
        return TraceEvent.of(TraceEvent.Stage.ENCODED, found.record(), "label \"%s\", split %s, model %s, of labelled image %d@%d%s%s"
                .formatted(Quoted.of(feature.label()), feature.split().wireName(), Quoted.of(feature.modelFingerprint(), 15),
                        feature.source().partition(), feature.source().offset(), TraceEvent.keptAt(feature.file().reference()), replaced),
                details);
    }

    private Map<String, Object> withoutIt(FeatureRecord erasure) {
        return history.firstSince(erasure.record().offset())
                .<Map<String, Object>>map(since -> Map.of("first_version_since", since.number()))
                .orElse(Map.of());
    }

    private static String askedBy(SourcePosition source) {
        return ", as labelled image %d@%d asked".formatted(source.partition(), source.offset());
    }

    private String change(FeatureRecord found, FeatureRecord next) {
        if (next.feature().isEmpty() || found.feature().isEmpty()) {
            return "";
        }
        ImageFeature before = found.feature().get();
        ImageFeature after = next.feature().get();
        if (!before.label().equals(after.label())) {
            return " (relabelled \"%s\")".formatted(Quoted.of(after.label()));
        }
        if (before.split() != after.split()) {
            return " (split %s)".formatted(after.split().wireName());
        }
        TraceEvent was = arrivals.get(before.source());
        TraceEvent is = arrivals.get(after.source());
        if (was == null || is == null) {
            return " (sent again)"; // whether with the same bytes is no longer known
        }
        return was.digest().equals(is.digest()) ? " (the same again)" : " (another image)";
    }

    /** What became of the last record; of earlier ones without an outcome there is a note. */
    private String state(PromptEvents prompts, EncoderProgress encoder) {
        String last = features.isEmpty() ? rejections.isEmpty() ? "" : rejectedState()
                : features.get(features.size() - 1).record().value() == null ? erasedState(features.get(features.size() - 1))
                        : prompts.state();
        for (TraceEvent arrival : unfinished()) {
            OptionalLong ahead = encoder.recordsUntil(arrival);
            String where = arrival.position();
            if (ahead.isEmpty()) {
                notes.add("%s waits: no encoder has committed anything of its partition yet; is one running?".formatted(where));
            } else if (ahead.getAsLong() > 0) {
                notes.add("%s waits for an encoder: %d records of its partition are not finished, itself included".formatted(where,
                        ahead.getAsLong()));
            } else {
                notes.add(("%s is finished, but what was written of it is no longer there: its feature was compacted away by a later "
                        + "one, or its rejection's retention is over").formatted(where));
            }
        }
        return last.isEmpty() ? "received; " + (notes.isEmpty() ? "no more is known" : "nothing was written of it yet") : last;
    }

    private String erasedState(FeatureRecord erasure) {
        long offset = erasure.record().offset();
        String first = history.firstSince(offset)
                .map(since -> "version %d is the first that was learned without it".formatted(since.number()))
                .orElse("no candidate has been learned since");
        String live = history.liveVersion() == 0 ? "the hand-written prompt"
                : "version %d, learned %s".formatted(history.liveVersion(),
                        history.isLiveSince(offset) ? "without it" : "while it was there");
        return "erased: it trains and judges no longer; %s; live is %s".formatted(first, live);
    }

    private String rejectedState() {
        return "rejected: " + rejections.values().stream().reduce((a, b) -> b).orElseThrow().what();
    }

    private Collection<TraceEvent> unfinished() {
        Map<SourcePosition, TraceEvent> open = new LinkedHashMap<>(arrivals);
        open.keySet().removeAll(rejections.keySet());
        features.forEach(found -> found.source().ifPresent(open::remove));
        return open.values();
    }

    private void noteOccurrences() {
        if (arrivals.size() > 1) {
            notes.add(
                    "the id occurs %d times in labelled-images; it counts once, where its last feature puts it".formatted(arrivals.size()));
            long images = arrivals.values().stream().map(TraceEvent::digest).filter(digest -> !digest.isEmpty()).distinct().count();
            if (images > 1) {
                notes.add("%d different images were sent under this id, and each took the place of the one before; give each its own id"
                        .formatted(images) + " (promptgate produce --id-prefix)");
            }
        } else if (arrivals.isEmpty()) {
            notes.add("its record is not among those read of labelled-images: retention has taken it, or --since lies behind it");
        }
    }

    private boolean complete(List<String> unread) {
        if (!unread.isEmpty()) {
            notes.add("time ran out: %s; allow more with --timeout, or read less with --since".formatted(String.join(", ", unread)));
        }
        return unread.isEmpty();
    }

    /** The most likely reason for that there is no trace of the id. */
    Timeline notFound(long records, long oldestTime, boolean isPart, Set<String> similar, List<String> unread) {
        String reason;
        if (!unread.isEmpty()) {
            reason = "no trace of it in what could be read";
        } else if (records == 0) {
            reason = isPart ? "labelled-images has no record since then; look further back with --since"
                    : "labelled-images is empty: nothing was sent to these topics, or retention has taken it; check "
                            + "--bootstrap-servers and --topic-prefix";
        } else if (!similar.isEmpty()) {
            reason = "no record has exactly this id; did you mean %s?"
                    .formatted(String.join(" or ", similar.stream().map(Quoted::of).toList()));
        } else {
            reason = ("none of %d records of labelled-images has this id, the oldest of %s: it was sent under another key or never, %s. "
                    + "A record without a key has the SHA-256 of its bytes for id").formatted(records, Instant.ofEpochMilli(oldestTime),
                            isPart ? "or before --since" : "or before that and retention has taken it");
        }
        boolean isComplete = complete(unread);
        return new Timeline(id, 0, List.of(), "not found: " + reason, notes, isComplete);
    }

    /**
     * What is known of an image.
     *
     * @param occurrences records of labelled-images that have the id
     * @param events in the order of time; empty if there is no trace of it
     * @param state what became of it, or, where there is no trace, why most likely; one line
     * @param notes what one should know besides, a line each
     * @param isComplete false if time ran out before every topic was read
     */
    record Timeline(String id, int occurrences, List<TraceEvent> events, String state, List<String> notes, boolean isComplete) {
        private static final ObjectMapper JSON = new ObjectMapper();

        boolean isFound() {
            return !events.isEmpty();
        }

        String json() {
            return JSON.valueToTree(TraceEvent.details("image_id", id, "found", isFound(), "complete", isComplete, "occurrences",
                    occurrences, "state", state, "events", events, "notes", notes)).toString();
        }
    }

    /** How far the encoders are with labelled-images: their group's committed offsets. */
    record EncoderProgress(String topic, Map<TopicPartition, OffsetAndMetadata> committed) {
        private static final int LIMIT_SECONDS = 10;

        /** Empty where nobody may ask (an ACL), or nobody answers in time: the rest of a trace is worth having without. */
        static EncoderProgress read(KafkaClients clients, String group, String topic) throws InterruptedException {
            try (Admin admin = Admin.create(clients.admin())) {
                return new EncoderProgress(topic,
                        admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get(LIMIT_SECONDS, TimeUnit.SECONDS));
            } catch (ExecutionException | TimeoutException e) {
                return new EncoderProgress(topic, Map.of());
            }
        }

        /**
         * How many records the encoders have to finish until this one is; 0 or less if it is; empty if they have committed nothing there.
         */
        OptionalLong recordsUntil(TraceEvent arrival) {
            OffsetAndMetadata offset = committed.get(new TopicPartition(topic, arrival.partition()));
            return offset == null ? OptionalLong.empty() : OptionalLong.of(arrival.offset() + 1 - offset.offset());
        }
    }
}
