package dev.promptgate.history.flow;

import dev.promptgate.history.invariant.Finding;
import dev.promptgate.history.invariant.Invariant;
import dev.promptgate.history.invariant.Violations;
import dev.promptgate.messaging.record.ImageIds;
import dev.promptgate.messaging.record.SourcePosition;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Each record that the brokers acknowledged to a producer stands where they said, under its id. Only the producer knows which these are.
 */
public final class AcknowledgedKept implements Invariant {
    private final Map<SourcePosition, String> missing;
    private final Violations violations = new Violations("acknowledged-kept");

    /** @param acknowledged by the brokers, with their ids; committed since, if they were sent in transactions */
    public AcknowledgedKept(Map<SourcePosition, String> acknowledged) {
        missing = new HashMap<>(acknowledged);
    }

    @Override
    public void image(ConsumerRecord<byte[], byte[]> image) {
        SourcePosition position = new SourcePosition(image.partition(), image.offset());
        if (ImageIds.of(image).equals(missing.get(position))) {
            missing.remove(position);
            violations.checked();
        }
    }

    @Override
    public Finding finish() {
        missing.forEach((position, id) -> {
            violations.checked();
            violations.add("labelled-images-%d@%d (id %s) was acknowledged and is not there", position.partition(), position.offset(), id);
        });
        return violations.finding();
    }
}
