package dev.promptgate.classifier.shadow;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes tallies to {@code shadow-reports}, a JSON record each. A report that cannot be written is told in the log, and lost: it decides
 * nothing.
 */
final class ShadowReports {
    private static final Logger LOG = LoggerFactory.getLogger(ShadowReports.class);
    private static final int MOST_CHANGES = 20;

    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final String prompt;
    private final String model;

    /** Uses, but does not close, the producer. */
    ShadowReports(Producer<byte[], byte[]> producer, String topic, String prompt, String model) {
        this.producer = producer;
        this.topic = topic;
        this.prompt = prompt;
        this.model = model;
    }

    /**
     * @param from when the tally began, epoch milliseconds
     * @param dropped images passed over meanwhile
     */
    void write(ShadowTally tally, long from, long to, long dropped) {
        JsonArray changes = new JsonArray();
        tally.changes(MOST_CHANGES).forEach(change -> changes
                .add(new JsonObject().put("live", change.live()).put("candidate", change.candidate()).put("images", change.images())));
        JsonObject report = new JsonObject().put("prompt", prompt).put("model", model).put("live_version", tally.liveVersion())
                .put("candidate_version", tally.candidateVersion())
                .put("from", from).put("to", to).put("images", tally.images()).put("agreed", tally.agreed())
                .put("agreed_among_live_classes", tally.agreedAmongLive())
                .put("dropped", dropped).put("changes", changes);
        producer.send(new ProducerRecord<>(topic, prompt.getBytes(StandardCharsets.UTF_8), report.toBuffer().getBytes()),
                (written, failure) -> {
                    if (failure != null) {
                        LOG.warn("A report of the shadow mode is lost [topic: {}, candidate: {}, images: {}, cause: {}]", topic,
                                tally.candidateVersion(), tally.images(), failure.toString());
                    }
                });
    }
}
