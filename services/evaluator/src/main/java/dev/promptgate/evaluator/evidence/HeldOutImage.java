package dev.promptgate.evaluator.evidence;

import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.Split;

/** An image of the {@link HeldOutSet}: from which record on it counted, and up to which. */
public final class HeldOutImage {
    private final ImageFeature image;
    private final long offset;
    private long displacedAt = Long.MAX_VALUE;

    HeldOutImage(ImageFeature image, long offset) {
        this.image = image;
        this.offset = offset;
    }

    public ImageFeature image() {
        return image;
    }

    /** Where its record stands in image-features. */
    public long offset() {
        return offset;
    }

    /** Whether it measures classes that are never trained. */
    public boolean isProbe() {
        return image.split() == Split.PROBE;
    }

    void displacedAt(long recordOffset) {
        displacedAt = recordOffset;
    }

    /** Whether it counted when the records before the horizon had been read. */
    boolean isAliveAt(long horizon) {
        return offset < horizon && displacedAt >= horizon;
    }

    long displacedAt() {
        return displacedAt;
    }
}
