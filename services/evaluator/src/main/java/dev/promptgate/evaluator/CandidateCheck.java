package dev.promptgate.evaluator;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.Context;
import dev.promptgate.learning.snapshot.PromptSnapshot;
import dev.promptgate.learning.snapshot.SnapshotCodec;
import dev.promptgate.learning.snapshot.SnapshotException;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Checks whether a candidate can be judged at all. */
final class CandidateCheck {
    /** A candidate that cannot; the message is one line. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        private final RefusalReason reason;

        RefusedException(RefusalReason reason, String message) {
            super(message);
            this.reason = reason;
        }

        RefusalReason reason() {
            return reason;
        }
    }

    private final ClipModel model;
    private final Context handWritten;

    CandidateCheck(ClipModel model, Context handWritten) {
        this.model = model;
        this.handWritten = handWritten;
    }

    PromptSnapshot check(ConsumerRecord<byte[], byte[]> record) throws RefusedException {
        PromptSnapshot snapshot;
        try {
            snapshot = SnapshotCodec.decode(record.value() == null ? new byte[0] : record.value());
        } catch (SnapshotException e) {
            throw new RefusedException(RefusalReason.UNREADABLE, e.getMessage());
        }
        String fingerprint = snapshot.metadata().modelFingerprint();
        if (!fingerprint.equals(model.fingerprint())) {
            throw new RefusedException(RefusalReason.OTHER_MODEL,
                    "The candidate belongs to another model; run learner and evaluator with the same --model [theirs: %s, ours: %s]"
                            .formatted(fingerprint, model.fingerprint()));
        }
        Context context = snapshot.context();
        if (context.width() != handWritten.width() || context.tokens() != handWritten.tokens()) {
            throw new RefusedException(RefusalReason.WRONG_SHAPE, "The candidate's context does not fit [found: %d × %d, needed: %d × %d]"
                    .formatted(context.tokens(), context.width(), handWritten.tokens(), handWritten.width()));
        }
        try {
            model.textEncoder().prompts(snapshot.metadata().classes(), context.tokens());
        } catch (IllegalArgumentException e) {
            throw new RefusedException(RefusalReason.BAD_CLASSES, e.getMessage());
        }
        if (snapshot.metadata().classes().isEmpty()) {
            throw new RefusedException(RefusalReason.BAD_CLASSES, "The candidate names no class");
        }
        return snapshot;
    }
}
