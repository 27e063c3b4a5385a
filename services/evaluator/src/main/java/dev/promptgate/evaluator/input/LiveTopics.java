package dev.promptgate.evaluator.input;

import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.messaging.topic.TopicNames;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The topics that say what is live, read back: only the evaluator should write there. Not thread-safe. */
public record LiveTopics(TopicNames names, RolloutsTopic rollouts, EmbeddingsTopic embeddings) {
    public Set<String> all() {
        return Set.of(names.promptRollouts(), names.classEmbeddings());
    }

    public void take(ConsumerRecord<byte[], byte[]> record) {
        if (record.topic().equals(names.classEmbeddings())) {
            embeddings.take(record);
        } else {
            rollouts.take(record);
        }
    }

    /** Which topic, both read to their ends, holds what, if that is not the prompt that is live by the reports. */
    public Optional<String> contradiction(Prompt live, String model) {
        return rollouts.contradiction(live, model).map(found -> "prompt-rollouts holds " + found)
                .or(() -> embeddings.contradiction(live.version(), model).map(found -> "class-embeddings holds " + found));
    }
}
