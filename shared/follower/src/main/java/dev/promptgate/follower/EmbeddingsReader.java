package dev.promptgate.follower;

import dev.promptgate.follower.RefusedPromptException.Refusal;
import dev.promptgate.learning.prompt.ClassEmbeddings;
import dev.promptgate.learning.prompt.EmbeddingsCodec;
import dev.promptgate.learning.prompt.EmbeddingsPart;
import dev.promptgate.learning.prompt.UnreadablePromptException;
import dev.promptgate.messaging.record.PromptKey;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.messaging.trust.PromptKind;
import dev.promptgate.messaging.trust.PromptVerifier;
import dev.promptgate.messaging.trust.PromptVerifier.UntrustedPromptException;
import dev.promptgate.messaging.trust.SequenceGuard;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * From the records of class-embeddings, in their order and from its beginning, to the set in force; empty while the hand-written prompt is
 * live. A set is in force once all its parts are there, each trusted and usable. Parts of an older set that compaction has left over belong
 * to no newer one and are passed over. What is refused changes nothing. Not thread-safe.
 */
public final class EmbeddingsReader implements TopicFollower.Reader<Optional<ClassEmbeddings>> {
    private final String prompt;
    private final PromptKey key;
    private final PromptVerifier verifier;
    private final Optional<String> model;
    private final SequenceGuard guard = new SequenceGuard();
    private EmbeddingsPart[] pending = {};
    private boolean isToldIncomplete;
    private Optional<ClassEmbeddings> live = Optional.empty();

    /** @param model the fingerprint of the CLIP that they must belong to; empty for any */
    public EmbeddingsReader(String prompt, PromptVerifier verifier, Optional<String> model) {
        this.prompt = prompt;
        key = new PromptKey(prompt);
        this.verifier = verifier;
        this.model = model;
    }

    /**
     * The next record.
     *
     * @return false if it is another prompt's
     * @throws RefusedPromptException if it is not used; the message tells where the record is
     */
    @Override
    public boolean take(ConsumerRecord<byte[], byte[]> record) throws RefusedPromptException {
        OptionalInt index = key.partOf(record);
        if (index.isEmpty()) {
            return false;
        }
        try {
            verifier.verify(record, PromptKind.EMBEDDING, guard);
        } catch (UntrustedPromptException e) {
            throw new RefusedPromptException(Refusal.UNTRUSTED, e.getMessage());
        }
        try {
            if (record.value() != null) {
                add(read(record.value(), index.getAsInt()));
            } else if (index.getAsInt() == 0) { // of another part: only tidied up
                pending = new EmbeddingsPart[0];
                live = Optional.empty();
            }
            return true;
        } catch (RefusedPromptException e) {
            throw new RefusedPromptException(e.refusal(), "%s [topic: %s, partition: %d, offset: %d]".formatted(e.getMessage(),
                    record.topic(), record.partition(), record.offset()));
        }
    }

    private EmbeddingsPart read(byte[] value, int index) throws RefusedPromptException {
        EmbeddingsPart part;
        try {
            part = EmbeddingsCodec.decode(value);
        } catch (UnreadablePromptException e) {
            throw new RefusedPromptException(Refusal.UNREADABLE, e.getMessage());
        }
        ClassEmbeddings.Source source = part.set().source();
        if (!source.prompt().equals(prompt) || part.index() != index) {
            throw new RefusedPromptException(Refusal.OTHER_PROMPT,
                    "The embeddings name another prompt or part than their key [theirs: %s/%d, key: %s/%d]"
                            .formatted(Quoted.of(source.prompt()), part.index(), prompt, index));
        }
        if (!source.modelFingerprint().equals(model.orElse(source.modelFingerprint()))) {
            throw new RefusedPromptException(Refusal.OTHER_MODEL, "The embeddings belong to another model [theirs: %s, ours: %s]"
                    .formatted(Quoted.of(source.modelFingerprint()), model.orElseThrow()));
        }
        return part;
    }

    private void add(EmbeddingsPart part) throws RefusedPromptException {
        if (Arrays.stream(pending).filter(Objects::nonNull).noneMatch(other -> other.set().equals(part.set()))) {
            pending = new EmbeddingsPart[part.set().parts()];
            isToldIncomplete = false;
        }
        pending[part.index()] = part;
        List<EmbeddingsPart> there = there();
        if (there.size() == pending.length) {
            pending = new EmbeddingsPart[0];
            try {
                live = Optional.of(EmbeddingsCodec.join(there));
            } catch (UnreadablePromptException e) {
                throw new RefusedPromptException(Refusal.UNREADABLE, e.getMessage());
            }
        }
    }

    private List<EmbeddingsPart> there() {
        return Arrays.stream(pending).filter(Objects::nonNull).toList();
    }

    /** All records there are have been taken: throws RefusedPromptException, once, if parts of the newest set are missing. */
    @Override
    public void atEnd() throws RefusedPromptException {
        List<EmbeddingsPart> there = there();
        if (!there.isEmpty() && !isToldIncomplete) {
            isToldIncomplete = true;
            throw new RefusedPromptException(Refusal.INCOMPLETE,
                    "Parts of the embeddings are missing; find out who writes there; the evaluator repairs it"
                            + " [version: %d, parts: %d of %d]"
                                    .formatted(there.get(0).set().source().version(), there.size(), pending.length));
        }
    }

    /** Whether no set is begun and not complete. */
    public boolean isSettled() {
        return pending.length == 0;
    }

    /** The embeddings in force after the records so far. */
    @Override
    public Optional<ClassEmbeddings> live() {
        return live;
    }
}
