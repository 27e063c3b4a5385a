package dev.promptgate.evaluator.input;

import dev.promptgate.follower.PromptCheck;
import dev.promptgate.follower.RefusedPromptException;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.messaging.record.PromptKey;
import dev.promptgate.messaging.trust.PromptKind;
import dev.promptgate.messaging.trust.PromptVerifier;
import dev.promptgate.messaging.trust.PromptVerifier.UntrustedPromptException;
import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What prompt-rollouts holds of a prompt, as any follower would see it. Not thread-safe. */
public final class RolloutsTopic {
    private static final PromptCheck ANY = prompt -> {};

    private final PromptKey key;
    private final PromptVerifier verifier;
    private ConsumerRecord<byte[], byte[]> last;
    /** The last one's prompt, read once: it is asked for at every poll, and may have thousands of classes. */
    private Optional<Prompt> found = Optional.empty();
    private boolean isRead;

    public RolloutsTopic(PromptKey key, PromptVerifier verifier) {
        this.key = key;
        this.verifier = verifier;
    }

    public void take(ConsumerRecord<byte[], byte[]> record) {
        if (key.isOf(record)) {
            last = record;
            isRead = false;
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

    /** The prompt in the topic, if it is trusted and passes the check. */
    public Optional<Prompt> prompt(PromptCheck check) {
        try {
            return last == null || last.value() == null || !isTrusted() ? Optional.empty() : Optional.of(check.read(last.value()));
        } catch (RefusedPromptException e) {
            return Optional.empty();
        }
    }

    private Optional<Prompt> found() {
        if (!isRead) {
            found = prompt(ANY);
            isRead = true;
        }
        return found;
    }

    /** What the topic holds, if that is another prompt than the one that is live by the reports. Another model's is left alone. */
    Optional<String> contradiction(Prompt live, String model) {
        boolean isNoneLive = live.version() == 0;
        if (last == null) {
            return isNoneLive ? Optional.empty() : Optional.of("nothing");
        }
        if (last.value() == null && !isTrusted()) {
            return Optional.of("no prompt, by a record that cannot be trusted");
        }
        if (last.value() == null) {
            return isNoneLive ? Optional.empty() : Optional.of("no prompt");
        }
        return found().isEmpty() ? Optional.of("a record that cannot be read or trusted")
                : found().filter(prompt -> prompt.metadata().modelFingerprint().equals(model)).flatMap(prompt -> difference(prompt, live));
    }

    /** A version alone says little of a record that the gate did not write. */
    private static Optional<String> difference(Prompt prompt, Prompt live) {
        if (prompt.version() != live.version()) {
            return Optional.of("version " + prompt.version());
        }
        boolean isSame = Arrays.equals(prompt.context().values(), live.context().values())
                && prompt.metadata().classes().equals(live.metadata().classes());
        return isSame ? Optional.empty() : Optional.of("another prompt as version " + prompt.version());
    }
}
