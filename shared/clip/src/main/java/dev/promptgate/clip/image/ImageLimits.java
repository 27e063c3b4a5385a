package dev.promptgate.clip.image;

import dev.promptgate.clip.memory.DecodeMemory;

/**
 * What an image file may ask for, width × height and bytes, checked before anything is decoded; and the memory that decoding takes its
 * share of.
 */
public record ImageLimits(long maxPixels, int maxBytes, DecodeMemory memory) {
    public static final ImageLimits DEFAULT = new ImageLimits(50_000_000, 20 << 20);

    /** With the process's 40% of the heap. */
    public ImageLimits(long maxPixels, int maxBytes) {
        this(maxPixels, maxBytes, DecodeMemory.ofHeap());
    }
}
