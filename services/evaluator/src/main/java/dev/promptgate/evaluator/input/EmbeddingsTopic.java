package dev.promptgate.evaluator.input;

import dev.promptgate.follower.EmbeddingsReader;
import dev.promptgate.follower.RefusedPromptException;
import dev.promptgate.learning.prompt.ClassEmbeddings.Source;
import dev.promptgate.messaging.record.PromptKey;
import dev.promptgate.messaging.trust.PromptVerifier;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What class-embeddings holds of a prompt, as any follower would see it. Not thread-safe. */
public final class EmbeddingsTopic {
    private final PromptKey key;
    private final EmbeddingsReader reader;
    private final SortedSet<Integer> parts = new TreeSet<>();
    private Optional<String> trouble = Optional.empty();

    public EmbeddingsTopic(String prompt, PromptVerifier verifier) {
        key = new PromptKey(prompt);
        reader = new EmbeddingsReader(prompt, verifier, Optional.empty());
    }

    public void take(ConsumerRecord<byte[], byte[]> record) {
        key.partOf(record).ifPresent(part -> {
            if (record.value() == null) {
                parts.remove(part);
            } else {
                parts.add(part);
            }
        });
        try {
            if (reader.take(record) && reader.isSettled()) {
                trouble = Optional.empty();
            }
        } catch (RefusedPromptException e) {
            trouble = Optional.of("a record that cannot be read or trusted");
        }
    }

    /** The parts that have a value, of whatever set. */
    public SortedSet<Integer> parts() {
        return new TreeSet<>(parts);
    }

    /** What the topic holds, if those are not the embeddings of the version that is live by the reports. Another model's are left alone. */
    Optional<String> contradiction(long live, String model) {
        if (trouble.isPresent() || !reader.isSettled()) {
            return trouble.or(() -> Optional.of("a part of a set"));
        }
        Optional<Source> found = reader.live().map(embeddings -> embeddings.source());
        if (found.isEmpty()) {
            return live == 0 ? Optional.empty() : Optional.of("nothing");
        }
        return found.filter(source -> source.modelFingerprint().equals(model) && source.version() != live)
                .map(source -> "version " + source.version());
    }
}
