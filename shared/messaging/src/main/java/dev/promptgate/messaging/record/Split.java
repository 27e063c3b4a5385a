package dev.promptgate.messaging.record;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32;

public enum Split {
    TRAIN,
    /** Judges prompts, never trains one. */
    HELD_OUT,
    /** Of a class that is never trained: measures unseen-class accuracy. */
    PROBE;

    private static final int HELD_OUT_ONE_IN = 5;

    /** The name in the {@code split} header. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The split with that name in the header. */
    public static Optional<Split> parse(String wireName) {
        for (Split split : values()) {
            if (split.wireName().equals(wireName)) {
                return Optional.of(split);
            }
        }
        return Optional.empty();
    }

    /** The split of an image that names none: by CRC-32 of its id, 1 in 5 is held out. The rule must never change. */
    public static Split ofImageId(String imageId) {
        CRC32 crc = new CRC32();
        crc.update(imageId.getBytes(StandardCharsets.UTF_8));
        return crc.getValue() % HELD_OUT_ONE_IN == 0 ? HELD_OUT : TRAIN;
    }
}
