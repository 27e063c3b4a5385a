package dev.promptgate.cli.trace;

import dev.promptgate.messaging.record.ImageIds;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The id that is looked for, and ids that were passed and look much like it. Not thread-safe. */
final class WantedId {
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
    private static final int MAX_SIMILAR = 3;

    private final String id;
    private final String tail;
    private final boolean mayBeHash;
    private final Set<String> similar = new TreeSet<>();

    WantedId(String id) {
        this.id = id;
        tail = tail(id);
        mayBeHash = SHA_256.matcher(id).matches();
    }

    /** Whether a record of labelled-images or rejected-images has it. */
    boolean isOf(ConsumerRecord<byte[], byte[]> record) {
        if (!mayBeHash && !ImageIds.hasKey(record)) {
            return false; // spares the hashing
        }
        String found = ImageIds.of(record);
        if (!found.equals(id) && similar.size() < MAX_SIMILAR && tail(found).equals(tail)) {
            similar.add(found);
        }
        return found.equals(id);
    }

    /** The file's name, since ids are often paths. */
    private static String tail(String path) {
        return path.substring(path.lastIndexOf('/') + 1).strip().toLowerCase(Locale.ROOT);
    }

    /** Ids that differ in their folders, in capitals or in blanks around them; a few. */
    Set<String> similar() {
        return similar;
    }
}
