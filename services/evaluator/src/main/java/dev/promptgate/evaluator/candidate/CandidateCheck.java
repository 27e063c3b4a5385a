package dev.promptgate.evaluator.candidate;

import dev.promptgate.follower.PromptCheck;
import dev.promptgate.follower.RefusedPromptException;
import dev.promptgate.follower.RefusedPromptException.Refusal;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.messaging.trust.PromptKind;
import dev.promptgate.messaging.trust.PromptVerifier;
import dev.promptgate.messaging.trust.PromptVerifier.UntrustedPromptException;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Checks whether a candidate can be judged at all: trusted, whole, and of this prompt and model. */
public record CandidateCheck(PromptCheck content, PromptVerifier verifier) {
    /** @throws RefusedPromptException if it cannot */
    public Prompt check(ConsumerRecord<byte[], byte[]> record) throws RefusedPromptException {
        try {
            verifier.verify(record, PromptKind.CANDIDATE);
            return content.read(record.value());
        } catch (UntrustedPromptException e) {
            throw new RefusedPromptException(Refusal.UNTRUSTED, e.getMessage());
        }
    }
}
