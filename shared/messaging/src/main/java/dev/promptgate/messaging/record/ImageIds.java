package dev.promptgate.messaging.record;

/** What an image id may be. */
public final class ImageIds {
    /** The longest key: every service holds ids in memory. */
    public static final int MAX_BYTES = 512;

    private ImageIds() {}

    static void check(byte[] key) throws InvalidRecordException {
        if (key.length > MAX_BYTES) {
            throw new InvalidRecordException(RejectionCode.ID_TOO_LONG,
                    "The image id is too long; send a shorter key [bytes: %d, limit: %d]".formatted(key.length, MAX_BYTES));
        }
    }
}
