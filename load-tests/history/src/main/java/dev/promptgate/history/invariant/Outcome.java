package dev.promptgate.history.invariant;

import dev.promptgate.messaging.record.SourcePosition;

/**
 * A record by which an encoder answers for a record of labelled-images.
 *
 * @param place where it stands, in image-features or rejected-images
 * @param source which labelled image it answers for
 * @param imageId its key as text; empty without one
 * @param label of a feature; empty of an erasure and of a rejection
 */
public record Outcome(Kind kind, Place place, SourcePosition source, String imageId, String label) {
    public enum Kind {
        FEATURE, ERASURE, REJECTION
    }

    /** For one line that names both records. */
    @Override
    public String toString() {
        return "%s of labelled-images-%d@%d (id %s)".formatted(place, source.partition(), source.offset(), imageId);
    }
}
