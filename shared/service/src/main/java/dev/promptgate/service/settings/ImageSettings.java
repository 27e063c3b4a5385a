package dev.promptgate.service.settings;

import dev.promptgate.clip.memory.DecodeMemory;

/** What decoding images may take, whichever services a process runs. */
public final class ImageSettings {
    public static final SettingsGroup ALL = new SettingsGroup();

    private static final long LEAST = 16L << 20;
    private static final int PARTS_OF_HEAP = 8;

    public static final Setting<Long> DECODE_MEMORY = ALL.add(Setting
            .longInteger("images.decode-memory", 0,
                    "bytes that decoding may take at once, over all threads and images of a process; 0 takes 40% of the"
                            + " largest heap (`-Xmx`). Images wait for their share, and one that needs more than all of it is refused as"
                            + " `out-of-memory`")
            .must("be 0, or at least 16 MiB", bytes -> bytes == 0 || bytes >= LEAST));

    private ImageSettings() {}

    /** A memory of this size; a process has one. */
    public static DecodeMemory decodeMemory(SettingsValues values) {
        long bytes = values.get(DECODE_MEMORY);
        return bytes == 0 ? DecodeMemory.ofHeap() : new DecodeMemory(bytes);
    }

    /**
     * The bound of compressed bytes in hand, which come on top of the memory for decoding.
     *
     * @param given by a setting; 0 takes an eighth of the largest heap
     * @param most that is taken then
     */
    public static long inFlightBytes(long given, long most) {
        return given == 0 ? Math.min(most, Runtime.getRuntime().maxMemory() / PARTS_OF_HEAP) : given;
    }
}
