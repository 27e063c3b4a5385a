package dev.promptgate.references;

import dev.promptgate.messaging.record.ImageReference;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import java.io.IOException;

/** Fetches files of one scheme, one attempt at a time. Blocking; thread-safe. */
interface ReferenceSource extends AutoCloseable {
    ReferenceScheme scheme();

    /**
     * The file's bytes, as many as the limits allow at most. Whether they are those expected is not looked at.
     *
     * @throws InvalidRecordException for what another attempt would not mend: not allowed, not there, too large
     * @throws IOException for what it may; the message holds nothing of the reference's query
     */
    byte[] fetch(ImageReference reference, FetchLimits limits) throws InvalidRecordException, IOException, InterruptedException;

    @Override
    default void close() {}
}
