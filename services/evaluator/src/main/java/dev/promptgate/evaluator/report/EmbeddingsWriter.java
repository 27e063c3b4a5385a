package dev.promptgate.evaluator.report;

import dev.promptgate.clip.PromptModel;
import dev.promptgate.learning.prompt.ClassEmbeddings;
import dev.promptgate.learning.prompt.EmbeddingType;
import dev.promptgate.learning.prompt.EmbeddingsCodec;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.messaging.record.PromptKey;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Makes what class-embeddings is to hold after a change of the live prompt: the parts of its set, and null for those that an earlier set
 * has beyond them. Of the hand-written prompt, which names no class, part 0 is null. Computed from the prompt alone, so that a version's
 * set is the same bytes whenever it is written. Blocking: runs the text tower. Not thread-safe.
 */
public final class EmbeddingsWriter {
    /** With header and framing below the 1 MiB that brokers take unless told otherwise. */
    public static final int PART_BYTES = 960 << 10;

    private final PromptModel model;
    private final EmbeddingType type;
    private final int partBytes;
    private final PromptKey key;
    private SortedSet<Integer> held;

    /** @param held the parts that the topic has of this prompt, of whatever set */
    public EmbeddingsWriter(PromptModel model, EmbeddingType type, int partBytes, PromptKey key, SortedSet<Integer> held) {
        this.model = model;
        this.type = type;
        this.partBytes = partBytes;
        this.key = key;
        this.held = held;
    }

    List<ProducerRecord<byte[], byte[]>> change(Prompt live, String topic) {
        List<byte[]> parts = live.isHandWritten() ? List.of()
                : EmbeddingsCodec.encode(ClassEmbeddings.of(live, model), type, partBytes);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        SortedSet<Integer> gone = new TreeSet<>(held);
        gone.add(0);
        held = new TreeSet<>();
        for (int i = 0; i < parts.size(); i++) {
            records.add(new ProducerRecord<>(topic, key.bytes(i), parts.get(i)));
            gone.remove(i);
            held.add(i);
        }
        gone.forEach(part -> records.add(new ProducerRecord<>(topic, key.bytes(part), null)));
        return records;
    }
}
