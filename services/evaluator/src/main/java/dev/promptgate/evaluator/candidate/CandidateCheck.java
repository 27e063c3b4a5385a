package dev.promptgate.evaluator.candidate;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.Context;
import dev.promptgate.learning.snapshot.PromptSnapshot;
import dev.promptgate.learning.snapshot.SnapshotCodec;
import dev.promptgate.learning.snapshot.SnapshotException;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.messaging.trust.SnapshotKind;
import dev.promptgate.messaging.trust.SnapshotVerifier;
import dev.promptgate.messaging.trust.UntrustedSnapshotException;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Checks whether a candidate can be judged at all. */
public final class CandidateCheck {
    private final String prompt;
    private final ClipModel model;
    private final Context handWritten;
    private final SnapshotVerifier verifier;

    /** For candidates of one prompt and model. */
    public CandidateCheck(String prompt, ClipModel model, Context handWritten, SnapshotVerifier verifier) {
        this.prompt = prompt;
        this.model = model;
        this.handWritten = handWritten;
        this.verifier = verifier;
    }

    /** @throws RefusedException if it cannot */
    public PromptSnapshot check(ConsumerRecord<byte[], byte[]> record) throws RefusedException {
        PromptSnapshot snapshot = read(record);
        checkContent(snapshot);
        return snapshot;
    }

    /** @throws RefusedException if the snapshot does not fit prompt or model */
    public void checkContent(PromptSnapshot snapshot) throws RefusedException {
        if (!snapshot.metadata().prompt().equals(prompt)) {
            throw new RefusedException(RefusalReason.OTHER_PROMPT,
                    "The candidate names another prompt than its key [theirs: %s, key: %s]".formatted(Quoted.of(snapshot.metadata().prompt()), prompt));
        }
        String fingerprint = snapshot.metadata().modelFingerprint();
        if (!fingerprint.equals(model.fingerprint())) {
            throw new RefusedException(RefusalReason.OTHER_MODEL,
                    "The candidate belongs to another model; run learner and evaluator with the same --model [theirs: %s, ours: %s]"
                            .formatted(Quoted.of(fingerprint), model.fingerprint()));
        }
        Context context = snapshot.context();
        if (context.width() != handWritten.width() || context.tokens() != handWritten.tokens()) {
            throw new RefusedException(RefusalReason.WRONG_SHAPE, "The candidate's context does not fit [found: %d × %d, needed: %d × %d]"
                    .formatted(context.tokens(), context.width(), handWritten.tokens(), handWritten.width()));
        }
        try {
            model.textEncoder().prompts(snapshot.metadata().classes(), context.tokens());
        } catch (IllegalArgumentException e) {
            throw new RefusedException(RefusalReason.BAD_CLASSES, Quoted.of(e.getMessage()));
        }
        if (snapshot.metadata().classes().isEmpty()) {
            throw new RefusedException(RefusalReason.BAD_CLASSES, "The candidate names no class");
        }
    }

    private PromptSnapshot read(ConsumerRecord<byte[], byte[]> record) throws RefusedException {
        try {
            verifier.verify(record, SnapshotKind.CANDIDATE);
            return SnapshotCodec.decode(record.value() == null ? new byte[0] : record.value());
        } catch (UntrustedSnapshotException e) {
            throw new RefusedException(RefusalReason.UNTRUSTED, e.getMessage());
        } catch (SnapshotException e) {
            throw new RefusedException(RefusalReason.UNREADABLE, e.getMessage());
        }
    }
}
