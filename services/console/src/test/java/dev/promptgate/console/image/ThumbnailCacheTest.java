package dev.promptgate.console.image;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ThumbnailCacheTest {
    @Test
    void theOneThatWasNotAskedForLongestGoes() {
        ThumbnailCache cache = new ThumbnailCache(10);
        cache.put("a", new byte[4]);
        cache.put("b", new byte[4]);
        cache.get("a");
        cache.put("c", new byte[4]);
        assertTrue(cache.get("a").isPresent() && cache.get("b").isEmpty() && cache.get("c").isPresent());
        cache.put("a", new byte[6]);
        assertTrue(cache.get("a").isPresent() && cache.get("c").isPresent(), "the same again takes no more room");
        cache.put("d", new byte[11]);
        assertTrue(cache.get("a").isEmpty() && cache.get("d").isEmpty(), "too large for all");
    }
}
