package dev.promptgate.experiments.features;

import dev.promptgate.clip.digest.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One view of an image: what a feature is the feature of, given the model. Index 0 is the image as it is, others are augmented; the content
 * is the SHA-256 of the file's bytes, 64 hexadecimal digits.
 */
record View(String content, int index) {
    /** The crop of an augmented view: drawn from content and index alone, so it is the same in every run. */
    RandomResizedCrop crop() {
        return new RandomResizedCrop(ByteBuffer.wrap(Sha256.of(toString().getBytes(StandardCharsets.US_ASCII))).getLong());
    }

    /** As {@code content:index}, the key in the cache. */
    @Override
    public String toString() {
        return content + ":" + index;
    }
}
