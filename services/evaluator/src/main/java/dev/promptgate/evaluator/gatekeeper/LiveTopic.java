package dev.promptgate.evaluator.gatekeeper;

import dev.promptgate.evaluator.candidate.CandidateCheck;
import dev.promptgate.evaluator.candidate.RefusedException;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.learning.prompt.UnreadablePromptException;
import dev.promptgate.messaging.trust.PromptKind;
import dev.promptgate.messaging.trust.PromptVerifier;
import dev.promptgate.messaging.trust.UntrustedPromptException;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What prompt-rollouts holds of a prompt, as any follower would see it. Not thread-safe. */
public final class LiveTopic {
    private final String prompt;
    private final PromptVerifier verifier;
    private ConsumerRecord<byte[], byte[]> last;

    LiveTopic(String prompt, PromptVerifier verifier) {
        this.prompt = prompt;
        this.verifier = verifier;
    }

    public void take(ConsumerRecord<byte[], byte[]> record) {
        if (ReportHistory.isFor(prompt, record)) {
            last = record;
        }
    }

    private boolean isTrusted() {
        try {
            verifier.verify(last, PromptKind.ROLLOUT);
            return true;
        } catch (UntrustedPromptException e) {
            return false;
        }
    }

    private Optional<Prompt> snapshot() {
        try {
            return last == null || last.value() == null || !isTrusted() ? Optional.empty()
                    : Optional.of(PromptCodec.decode(last.value()));
        } catch (UnreadablePromptException e) {
            return Optional.empty();
        }
    }

    /** The prompt in the topic, if it is one that this evaluator could have rolled out. */
    Optional<Prompt> usable(CandidateCheck check) {
        return snapshot().filter(snapshot -> {
            try {
                check.checkContent(snapshot);
                return true;
            } catch (RefusedException e) {
                return false;
            }
        });
    }

    /** Whether the topic holds another prompt than the one that is live by the reports. Another model's is left alone. */
    boolean contradicts(KnownPrompt live, String model) {
        if (last == null) {
            return live.version() != 0;
        }
        if (last.value() == null) {
            return live.version() != 0 || !isTrusted();
        }
        Optional<Prompt> found = snapshot();
        return found.isEmpty()
                || found.get().metadata().modelFingerprint().equals(model) && found.get().metadata().version() != live.version();
    }

    String describe() {
        if (last == null) {
            return "nothing";
        }
        return last.value() == null ? isTrusted() ? "no prompt" : "no prompt, by a record that cannot be trusted"
                : snapshot().map(s -> "version " + s.metadata().version()).orElse("a record that cannot be read or trusted");
    }
}
