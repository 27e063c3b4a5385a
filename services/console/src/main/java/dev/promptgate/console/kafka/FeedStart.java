package dev.promptgate.console.kafka;

import dev.promptgate.console.config.Source;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.topic.TopicNames;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * Where the reading starts: the config topic and, for what was erased, the features at their beginning, the others so far back that all is
 * there that the page shows.
 *
 * @param begins the first offset to read, per partition
 * @param ends the offset behind the last record as it was at the start, per partition
 * @param skipped offsets before the first one read, per topic
 */
record FeedStart(Map<TopicPartition, Long> begins, Map<TopicPartition, Long> ends, Map<Source, Long> skipped) {
    /** In offsets; the end of a transaction takes one, too. */
    private static final Map<Source, Long> NEWEST = Map.of(Source.PROMPT_ROLLOUTS, Long.MAX_VALUE, Source.PROMPT_CANDIDATES, 200L,
            Source.EVALUATION_REPORTS, 4000L, Source.GATE_COMMANDS, 1000L, Source.REJECTED_IMAGES, 1000L, Source.IMAGE_FEATURES,
            Long.MAX_VALUE);

    /**
     * Asks the broker; blocking.
     *
     * @throws IllegalStateException if a topic does not exist
     */
    static FeedStart find(TopicLog log, TopicNames topics) {
        Map<TopicPartition, Long> begins = new HashMap<>();
        Map<TopicPartition, Long> ends = new HashMap<>();
        Map<Source, Long> skipped = new EnumMap<>(Source.class);
        for (Source source : Source.values()) {
            log.ends(source.topic(topics)).forEach((partition, end) -> {
                long begin = Math.max(log.begin(partition), end - Math.min(end, NEWEST.get(source)));
                begins.put(partition, begin);
                ends.put(partition, end);
                skipped.merge(source, begin, Long::sum);
            });
        }
        return new FeedStart(Map.copyOf(begins), Map.copyOf(ends), Map.copyOf(skipped));
    }

    /** Offsets to read until everything is there that was there at the start. */
    long total() {
        return begins.keySet().stream().mapToLong(partition -> ends.get(partition) - begins.get(partition)).sum();
    }

    /** How many of these are behind, given the positions. */
    long done(Map<TopicPartition, Long> positions) {
        return positions.entrySet().stream().mapToLong(e -> Math.min(e.getValue(), ends.get(e.getKey())) - begins.get(e.getKey())).sum();
    }
}
