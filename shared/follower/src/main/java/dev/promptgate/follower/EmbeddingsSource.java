package dev.promptgate.follower;

import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.messaging.trust.PromptVerifier;
import java.util.Optional;

/** Which prompt's class embeddings are followed, in a topic of one partition, and what is believed of it. Immutable. */
public record EmbeddingsSource(KafkaClients clients, String topic, String prompt, PromptVerifier verifier, Optional<String> model) {
    /** Those of the live prompt of a name; nothing is verified, and any model's are taken. */
    public static EmbeddingsSource of(KafkaClients clients, TopicNames topics, String prompt) {
        return new EmbeddingsSource(clients, topics.classEmbeddings(), prompt, PromptVerifier.off(), Optional.empty());
    }

    /** The same, signatures being verified; the keys are those of rollouts. */
    public EmbeddingsSource verifiedBy(PromptVerifier other) {
        return new EmbeddingsSource(clients, topic, prompt, other, model);
    }

    /** The same, of this {@code ClipModel.fingerprint()} alone: that of the image encoder whose features are compared with them. */
    public EmbeddingsSource ofModel(String fingerprint) {
        return new EmbeddingsSource(clients, topic, prompt, verifier, Optional.of(fingerprint));
    }
}
