package dev.promptgate.clip.engine;

import java.util.Locale;

public enum DeviceChoice {
    CPU,
    /** The first CUDA device; an error where there is none. */
    GPU,
    /** The first CUDA device where there is one, else the processor. */
    AUTO;

    /**
     * Reads {@code cpu}, {@code gpu} or {@code auto}.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static DeviceChoice parse(String text) {
        try {
            return valueOf(text.trim().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Unknown device; use cpu, gpu or auto [device: " + text + "]", e);
        }
    }
}
