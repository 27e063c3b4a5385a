package dev.promptgate.learner.update;

import dev.promptgate.learner.config.LearnerMeters;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.ImageIds;
import dev.promptgate.messaging.record.Quoted;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees when an image id comes again with other bytes, which is how two producers that number their images alike take each other's place.
 *
 * <p>Remembers 2^20 ids in at most 16 MiB, taken as ids come, however many there are: each has one slot by its hash and takes the place of
 * the one before, so of an old id it may not be seen. Never says so of an id that came once. Not thread-safe.
 */
final class ReusedIds {
    private static final Logger LOG = LoggerFactory.getLogger(ReusedIds.class);
    private static final int SLOTS = 1 << 20;
    private static final int PAGE = 1 << 8;
    private static final long LINE_EVERY_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int MOST_EXAMPLES = 5;

    /** By the upper bits of a slot: id and digest in turn, for its lower bits; null where none came. */
    private final long[][] pages = new long[SLOTS / PAGE][];
    private final long knownBefore;
    private final LearnerMeters meters;
    private final List<String> examples = new ArrayList<>();
    private long untold;
    private long lastLineNanos = System.nanoTime() - LINE_EVERY_NANOS;

    /** What stands before an offset is only remembered: it was told when it came, as a rule. */
    ReusedIds(long knownBefore, LearnerMeters meters) {
        this.knownBefore = knownBefore;
        this.meters = meters;
    }

    /** Takes note of the record at an offset. */
    void take(ImageFeature feature, long offset) {
        if (feature.file().sha256().isEmpty()) {
            return;
        }
        long id = hash(feature.imageId());
        long digest = firstBits(feature.file().sha256());
        long[] page = page(id);
        int place = place(id);
        boolean isReused = page[place] == id && page[place + 1] != digest;
        page[place] = id;
        page[place + 1] = digest;
        if (isReused && offset >= knownBefore) {
            meters.increment(LearnerMeters.REUSED_IDS);
            untold++;
            if (examples.size() < MOST_EXAMPLES) {
                examples.add(Quoted.of(feature.imageId()));
            }
        }
    }

    /** Takes note that an id was withdrawn: it may come again with other bytes. */
    void forget(String imageId) {
        long id = hash(imageId);
        if (page(id)[place(id)] == id) {
            page(id)[place(id)] = 0;
        }
    }

    private long[] page(long id) {
        int page = ((int) id & SLOTS - 1) / PAGE;
        if (pages[page] == null) {
            pages[page] = new long[2 * PAGE];
        }
        return pages[page];
    }

    private static int place(long id) {
        return 2 * ((int) id & PAGE - 1);
    }

    private static long hash(String imageId) {
        return firstBits(ImageIds.sha256(imageId.getBytes(StandardCharsets.UTF_8)));
    }

    private static long firstBits(String digest) {
        return Long.parseUnsignedLong(digest, 0, 16, 16);
    }

    /** Writes the line that is due, at most one a minute. */
    void tell() {
        long now = System.nanoTime();
        if (untold > 0 && now - lastLineNanos >= LINE_EVERY_NANOS) {
            LOG.warn("Image ids came again with other bytes, and the new images took the old ones' place; if producers number their images "
                    + "alike, give each a prefix of its own (promptgate produce --id-prefix) [times: {}, ids: {}]", untold,
                    String.join(", ", examples));
            untold = 0;
            examples.clear();
            lastLineNanos = now;
        }
    }
}
