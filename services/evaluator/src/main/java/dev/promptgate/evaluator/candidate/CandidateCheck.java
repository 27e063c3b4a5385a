package dev.promptgate.evaluator.candidate;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.Context;
import dev.promptgate.follower.ModelCheck;
import dev.promptgate.follower.PromptCheck;
import dev.promptgate.follower.RefusedPromptException;
import dev.promptgate.learning.snapshot.PromptSnapshot;
import dev.promptgate.learning.snapshot.SnapshotCodec;
import dev.promptgate.learning.snapshot.SnapshotException;
import dev.promptgate.messaging.trust.SnapshotKind;
import dev.promptgate.messaging.trust.SnapshotVerifier;
import dev.promptgate.messaging.trust.UntrustedSnapshotException;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Checks whether a candidate can be judged at all. */
public final class CandidateCheck {
    private final PromptCheck content;
    private final SnapshotVerifier verifier;

    /** For candidates of one prompt and model. */
    public CandidateCheck(String prompt, ClipModel model, Context handWritten, SnapshotVerifier verifier) {
        content = new ModelCheck(prompt, model, handWritten.tokens());
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
        try {
            content.check(snapshot);
        } catch (RefusedPromptException e) {
            throw new RefusedException(RefusalReason.valueOf(e.refusal().name()), e.getMessage());
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
