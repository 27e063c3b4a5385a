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

    public static final Setting<Double> JPEG_REDUCING_GAP = ALL.add(Setting
            .decimal("images.jpeg-reducing-gap", 0,
                    "large JPEG images are decoded at a half, a quarter or an eighth of their size, as long as that is so many times larger"
                            + " than the model's input: several times faster, and the smaller the gap, the further features are from"
                            + " exact ones. 2 is what Pillow takes for thumbnails; 0 decodes images whole."
                            + " The same on every encoder and classifier")
            .must("be 0, or lie between 1 and 100", gap -> gap == 0 || gap >= 1 && gap <= 100));

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
