package dev.promptgate.messaging.record;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

public enum Split implements WireName {
    TRAIN,
    /** Judges prompts, never trains one. */
    HELD_OUT,
    /** Of a class that is never trained: measures unseen-class accuracy. */
    PROBE;

    private static final int HELD_OUT_ONE_IN = 5;

    /** The split of an image that names none: by CRC-32 of its id, 1 in 5 is held out. The rule must never change. */
    public static Split ofImageId(String imageId) {
        CRC32 crc = new CRC32();
        crc.update(imageId.getBytes(StandardCharsets.UTF_8));
        return crc.getValue() % HELD_OUT_ONE_IN == 0 ? HELD_OUT : TRAIN;
    }
}
