package dev.promptgate.follower;

import dev.promptgate.learning.prompt.ClassEmbeddings;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Keeps the class embeddings of the live prompt of a name at hand, empty while the hand-written prompt is live: {@link PromptFollower} for
 * who has an image encoder alone. A set is taken over once all its parts are there, whole and trusted; until then the one before stays.
 *
 * <p>Reads and tells its listeners on a daemon thread of its own, named after the prompt. Any thread may ask. Whoever starts it closes it.
 */
public final class EmbeddingsFollower extends TopicFollower<Optional<ClassEmbeddings>> {
    public EmbeddingsFollower(EmbeddingsSource source) {
        super(source.clients(), source.topic(), "embedding", source.prompt(),
                new EmbeddingsReader(source.prompt(), source.verifier(), source.model()));
    }

    @Override
    long version(Optional<ClassEmbeddings> inForce) {
        return inForce.map(embeddings -> embeddings.source().version()).orElse(0L);
    }

    /** Has a listener told, on the follower's thread, of what is in the topic at the start and of every change from then on. */
    public EmbeddingsFollower onChange(Consumer<Optional<ClassEmbeddings>> listener) {
        listen(listener, refused -> {});
        return this;
    }

    /** Begins to read, once; Kafka and the topic may be away. Throws KafkaException if the clients' properties cannot be used. */
    public EmbeddingsFollower start() {
        open();
        return this;
    }
}
