package dev.promptgate.history.flow;

import dev.promptgate.history.invariant.CommittedOffsets;
import dev.promptgate.history.invariant.Finding;
import dev.promptgate.history.invariant.Invariant;
import dev.promptgate.history.invariant.Outcome;
import dev.promptgate.history.invariant.Place;
import dev.promptgate.history.invariant.Violations;
import dev.promptgate.messaging.record.ImageIds;
import dev.promptgate.messaging.record.SourcePosition;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Each record of labelled-images that the encoders committed led to a feature, an erasure or a rejection. That of an id which was sent
 * again later may be compacted away, once it is older than image-features keeps everything.
 */
public final class NothingLost implements Invariant {
    private final long compactedBefore;
    private final SourcePositions answered = new SourcePositions();
    private final Map<String, SourcePosition> lastOfId = new HashMap<>();
    private final Violations violations = new Violations("nothing-lost");
    private CommittedOffsets committed;

    /** @param now epoch milliseconds */
    public NothingLost(long now, Duration keepsEverything) {
        compactedBefore = now - keepsEverything.toMillis();
    }

    @Override
    public void begin(CommittedOffsets before) {
        committed = before;
    }

    @Override
    public void outcome(Outcome outcome) {
        answered.add(outcome.source());
        if (outcome.kind() != Outcome.Kind.REJECTION) {
            lastOfId.merge(outcome.imageId(), outcome.source(),
                    (a, b) -> a.partition() == b.partition() && a.offset() > b.offset() ? a : b);
        }
    }

    @Override
    public void image(ConsumerRecord<byte[], byte[]> image) {
        SourcePosition position = new SourcePosition(image.partition(), image.offset());
        if (!committed.covers(position)) {
            return; // its time is still to come
        }
        violations.checked();
        if (!answered.contains(position) && !(image.timestamp() < compactedBefore && isSuperseded(image))) {
            violations.add("%s (id %s) led to nothing, though its offset is committed", Place.of(image), ImageIds.of(image));
        }
    }

    private boolean isSuperseded(ConsumerRecord<byte[], byte[]> image) {
        SourcePosition last = lastOfId.get(ImageIds.of(image));
        return last != null && last.partition() == image.partition() && last.offset() > image.offset();
    }

    @Override
    public Finding finish() {
        return violations.finding();
    }
}
