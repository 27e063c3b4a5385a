package dev.promptgate.references;

import dev.promptgate.messaging.record.ImageReference;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import dev.promptgate.messaging.record.RejectionCode;

/** What is said of references that are not fetched; never a query, which may be a signature. */
final class Refusals {
    private static final int MAX_PLACE = 200;
    private static final int MAX_CAUSE = 400;

    private Refusals() {}

    /** @param why a sentence without its full stop, and after a semicolon what to do */
    static InvalidRecordException refused(ImageReference reference, String why) {
        return new InvalidRecordException(RejectionCode.REFERENCE_REFUSED, "%s [%s]".formatted(why, place(reference)));
    }

    static InvalidRecordException unavailable(ImageReference reference, String cause) {
        return new InvalidRecordException(RejectionCode.REFERENCE_UNAVAILABLE,
                "The image that the record refers to cannot be fetched; send the record again once it can [%s, cause: %s]"
                        .formatted(place(reference), Quoted.of(cause, MAX_CAUSE)));
    }

    static InvalidRecordException mismatch(ImageReference reference, String what, Object expected, Object found) {
        return new InvalidRecordException(RejectionCode.REFERENCE_MISMATCH,
                "The image that the record refers to is another one; send the %s it has [%s, expected: %s, found: %s]".formatted(what,
                        place(reference), expected, found));
    }

    /** Key and value, for the end of a message. */
    static String place(ImageReference reference) {
        return "reference: " + Quoted.of(reference.shown(), MAX_PLACE);
    }
}
