package dev.promptgate.evaluator.candidate;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.text.Context;
import dev.promptgate.evaluator.config.RefusalReason;
import dev.promptgate.follower.ModelCheck;
import dev.promptgate.follower.PromptCheck;
import dev.promptgate.follower.RefusedPromptException;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.learning.prompt.UnreadablePromptException;
import dev.promptgate.messaging.trust.PromptKind;
import dev.promptgate.messaging.trust.PromptVerifier;
import dev.promptgate.messaging.trust.UntrustedPromptException;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Checks whether a candidate can be judged at all. */
public final class CandidateCheck {
    private final PromptCheck content;
    private final PromptVerifier verifier;

    /** For candidates of one prompt and model. */
    public CandidateCheck(String prompt, ClipModel model, Context handWritten, PromptVerifier verifier) {
        content = new ModelCheck(prompt, model, handWritten.tokens());
        this.verifier = verifier;
    }

    /** @throws RefusedException if it cannot */
    public Prompt check(ConsumerRecord<byte[], byte[]> record) throws RefusedException {
        Prompt prompt = read(record);
        checkContent(prompt);
        return prompt;
    }

    /** @throws RefusedException if the prompt does not fit prompt or model */
    public void checkContent(Prompt prompt) throws RefusedException {
        try {
            content.check(prompt);
        } catch (RefusedPromptException e) {
            throw new RefusedException(RefusalReason.valueOf(e.refusal().name()), e.getMessage());
        }
    }

    private Prompt read(ConsumerRecord<byte[], byte[]> record) throws RefusedException {
        try {
            verifier.verify(record, PromptKind.CANDIDATE);
            return PromptCodec.decode(record.value() == null ? new byte[0] : record.value());
        } catch (UntrustedPromptException e) {
            throw new RefusedException(RefusalReason.UNTRUSTED, e.getMessage());
        } catch (UnreadablePromptException e) {
            throw new RefusedException(RefusalReason.UNREADABLE, e.getMessage());
        }
    }
}
