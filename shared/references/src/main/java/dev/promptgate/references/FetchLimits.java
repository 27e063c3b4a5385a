package dev.promptgate.references;

import dev.promptgate.messaging.record.ImageReference;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import dev.promptgate.messaging.record.RejectionCode;
import java.io.IOException;
import java.time.Duration;

/** What fetching one file may take, all attempts together. Immutable. */
record FetchLimits(int maxBytes, long deadlineNanos) {
    static FetchLimits of(int maxBytes, Duration time) {
        return new FetchLimits(maxBytes, System.nanoTime() + time.toNanos());
    }

    /** Zero once the time is up. */
    Duration remaining() {
        return Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
    }

    /** @throws IOException once the time is up */
    long remainingMillis() throws IOException {
        long millis = remaining().toMillis();
        if (millis == 0) {
            throw new IOException("the time is up");
        }
        return millis;
    }

    void checkSize(ImageReference reference, long bytes) throws InvalidRecordException {
        if (bytes > maxBytes) {
            throw tooLarge(reference);
        }
    }

    InvalidRecordException tooLarge(ImageReference reference) {
        return new InvalidRecordException(RejectionCode.TOO_MANY_BYTES,
                "The image that the record refers to is too large; make it smaller or raise references.max-bytes [%s, limit: %d]"
                        .formatted(Refusals.place(reference), maxBytes));
    }
}
