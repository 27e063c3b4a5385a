package dev.promptgate.console.image;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The thumbnails that were asked for last, up to a number of bytes. Not thread-safe. */
final class ThumbnailCache {
    private final int maxBytes;
    private final Map<String, byte[]> byUse = new LinkedHashMap<>(16, 0.75f, true);
    private int bytes;

    ThumbnailCache(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    Optional<byte[]> get(String key) {
        return Optional.ofNullable(byUse.get(key));
    }

    void clear() {
        byUse.clear();
        bytes = 0;
    }

    void put(String key, byte[] jpeg) {
        byte[] before = byUse.put(key, jpeg);
        bytes += jpeg.length - (before == null ? 0 : before.length);
        for (Iterator<byte[]> oldest = byUse.values().iterator(); bytes > maxBytes;) {
            bytes -= oldest.next().length;
            oldest.remove();
        }
    }
}
