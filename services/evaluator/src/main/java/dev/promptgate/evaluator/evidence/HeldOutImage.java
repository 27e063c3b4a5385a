package dev.promptgate.evaluator.evidence;

import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.Split;

/** An image of the {@link HeldOutSet}, whose record stands at an offset of image-features. */
public record HeldOutImage(ImageFeature image, long offset) {
    /** Whether it measures classes that are never trained. */
    public boolean isProbe() {
        return image.split() == Split.PROBE;
    }
}
