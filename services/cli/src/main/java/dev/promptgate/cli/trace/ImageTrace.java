package dev.promptgate.cli.trace;

import dev.promptgate.cli.trace.PromptHistory.FeatureRecord;
import dev.promptgate.cli.trace.TimelineBuilder.EncoderProgress;
import dev.promptgate.cli.trace.TimelineBuilder.Timeline;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.record.ImageIds;
import dev.promptgate.messaging.record.Rejection.RejectedImage;
import dev.promptgate.messaging.record.SourcePosition;
import dev.promptgate.messaging.topic.TopicNames;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Follows one image through the topics: committed records only, everything from the topics themselves. Reads each topic once, the long ones
 * too, since producers need not place an id in the partition where one would look for it. Blocking; for one trace.
 */
final class ImageTrace {
    /**
     * What to look for, and how: by whose candidates and verdicts, with the encoders' consumer group, its prefix included; labelled-images
     * and rejected-images from a time on, epoch milliseconds, 0 for all; within a limit for all reading together.
     */
    record Request(String id, String prompt, String encoderGroup, long since, Duration limit) {}

    private final KafkaClients clients;
    private final TopicNames topics;
    private final Request request;
    private final WantedId wanted;
    private final Map<SourcePosition, TraceEvent> arrivals = new LinkedHashMap<>();
    private final Map<SourcePosition, TraceEvent> rejections = new LinkedHashMap<>();
    private final List<FeatureRecord> features = new ArrayList<>();
    private long labelledRecords;
    private long oldestTime = Long.MAX_VALUE;

    ImageTrace(KafkaClients clients, TopicNames topics, Request request) {
        this.clients = clients;
        this.topics = topics;
        this.request = request;
        wanted = new WantedId(request.id());
    }

    /** @throws IllegalStateException if a topic is missing */
    Timeline follow() throws InterruptedException {
        PromptHistory history = new PromptHistory(request.prompt());
        List<String> unread;
        try (TopicScan scan = new TopicScan(clients, request.limit())) {
            // The short topics first: if time runs out, then in the long ones.
            scan.forEach(topics.promptRollouts(), 0, history::rollout);
            scan.forEach(topics.promptCandidates(), 0, history::candidate);
            scan.forEach(topics.evaluationReports(), 0, history::report);
            scan.forEach(topics.imageFeatures(), 0, this::feature);
            scan.forEach(topics.labelledImages(), request.since(), this::labelled);
            scan.forEach(topics.rejectedImages(), request.since(), this::rejected);
            unread = scan.unread();
        }
        TimelineBuilder timeline = new TimelineBuilder(request.id(), arrivals, rejections, features, history);
        if (!timeline.isFound()) {
            return timeline.notFound(labelledRecords, oldestTime, request.since() > 0, wanted.similar(), unread);
        }
        return timeline.build(EncoderProgress.read(clients, request.encoderGroup(), topics.labelledImages()), unread);
    }

    private void labelled(ConsumerRecord<byte[], byte[]> record) {
        labelledRecords++;
        oldestTime = Math.min(oldestTime, record.timestamp());
        if (wanted.isOf(record)) {
            arrivals.put(new SourcePosition(record.partition(), record.offset()), TraceEvent.received(record));
        }
    }

    /** By the position of what was refused; if that has left its topic, by the id, which a rejection keeps. */
    private void rejected(ConsumerRecord<byte[], byte[]> record) {
        RejectedImage.decode(record).filter(rejected -> rejected.sourceTopic().equals(topics.labelledImages())).ifPresent(rejected -> {
            if (arrivals.containsKey(rejected.source()) || wanted.isOf(record)) {
                Map<String, Object> details = TraceEvent.details("code", rejected.code(), "message", rejected.message(), "source_offset",
                        rejected.source().offset(), "source_partition", rejected.source().partition());
                rejections.put(rejected.source(),
                        TraceEvent.of(TraceEvent.Stage.REJECTED, record, "%s: %s".formatted(rejected.code(), rejected.message()), details));
            }
        });
    }

    private void feature(ConsumerRecord<byte[], byte[]> record) {
        if (ImageIds.hasKey(record) && ImageIds.of(record).equals(request.id())) {
            FeatureRecord found = FeatureRecord.of(record);
            if (!features.isEmpty()) {
                features.set(features.size() - 1, features.get(features.size() - 1).replacedBy(found));
            }
            features.add(found);
        }
    }

    /** The id that is looked for, and ids that were passed and look much like it. Not thread-safe. */
    static final class WantedId {
        private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
        private static final int MAX_SIMILAR = 3;

        private final String id;
        private final String tail;
        private final boolean mayBeHash;
        private final Set<String> similar = new TreeSet<>();

        WantedId(String id) {
            this.id = id;
            tail = tail(id);
            mayBeHash = SHA_256.matcher(id).matches();
        }

        /** Whether a record of labelled-images or rejected-images has it. */
        boolean isOf(ConsumerRecord<byte[], byte[]> record) {
            if (!mayBeHash && !ImageIds.hasKey(record)) {
                return false; // spares the hashing
            }
            String found = ImageIds.of(record);
            if (!found.equals(id) && similar.size() < MAX_SIMILAR && tail(found).equals(tail)) {
                similar.add(found);
            }
            return found.equals(id);
        }

        /** The file's name, since ids are often paths. */
        private static String tail(String path) {
            return path.substring(path.lastIndexOf('/') + 1).strip().toLowerCase(Locale.ROOT);
        }

        /** Ids that differ in their folders, in capitals or in blanks around them; a few. */
        Set<String> similar() {
            return similar;
        }
    }
}
