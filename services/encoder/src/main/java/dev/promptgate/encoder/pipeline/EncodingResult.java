package dev.promptgate.encoder.pipeline;

import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.Rejection;

/** What became of one labelled image: exactly one of a feature and a rejection. */
public sealed interface EncodingResult {
    record Encoded(ImageFeature feature) implements EncodingResult {}

    record Rejected(Rejection rejection) implements EncodingResult {}
}
