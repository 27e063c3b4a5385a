package dev.promptgate.console.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.messaging.record.ImageIds;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.messaging.record.Rejection.RejectedImage;
import dev.promptgate.messaging.record.RejectionCode;
import dev.promptgate.messaging.record.WireName;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Images that the encoder refused: how many by which code, and the newest. Not thread-safe. */
final class Rejections {
    private static final int MAX_ID = 512;
    private static final int MAX_LABEL = 256;
    /** Of a newer encoder, or of somebody else: one entry for all of them, so that nobody fills the memory with codes. */
    private static final String OTHER = "other";
    private static final int MOST = 50;

    /** By time, since partitions are read in any order. */
    private record Place(long at, int partition, long offset) implements Comparable<Place> {
        private static final Comparator<Place> ORDER = Comparator.comparingLong(Place::at).thenComparingInt(Place::partition)
                .thenComparingLong(Place::offset);

        @Override
        public int compareTo(Place other) {
            return ORDER.compare(this, other);
        }
    }

    private final Map<String, Long> byCode = new TreeMap<>();
    private final TreeMap<Place, JsonNode> recent = new TreeMap<>();
    private long total;

    /** @return whether an encoder wrote the record */
    boolean take(ConsumerRecord<byte[], byte[]> record) {
        Optional<RejectedImage> rejection = RejectedImage.decode(record);
        rejection.ifPresent(rejected -> {
            total++;
            byCode.merge(WireName.parse(RejectionCode.class, rejected.code()).map(RejectionCode::wireName).orElse(OTHER), 1L, Long::sum);
            ObjectNode row = Json.object().put("at", record.timestamp()).put("id", Quoted.of(ImageIds.of(record), MAX_ID))
                    .put("code", rejected.code())
                    .put("message", rejected.message()).put("label", label(record));
            row.putObject("source").put("partition", rejected.source().partition()).put("offset", rejected.source().offset());
            row.put("image", "/api/rejected/%d/%d".formatted(record.partition(), record.offset()));
            recent.put(new Place(record.timestamp(), record.partition(), record.offset()), row);
            if (recent.size() > MOST) {
                recent.pollFirstEntry();
            }
        });
        return rejection.isPresent();
    }

    /** The label may be what is wrong, so it is shown as far as it can be. */
    private static String label(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader("label");
        return header == null || header.value() == null ? "" : Quoted.of(new String(header.value(), StandardCharsets.UTF_8), MAX_LABEL);
    }

    JsonNode json() {
        ObjectNode section = Json.object().put("total", total);
        ObjectNode codes = section.putObject("by_code");
        byCode.forEach(codes::put);
        ArrayNode newestFirst = section.putArray("recent");
        recent.descendingMap().values().forEach(newestFirst::add);
        return section;
    }
}
