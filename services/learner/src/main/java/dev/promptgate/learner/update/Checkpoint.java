package dev.promptgate.learner.update;

import dev.promptgate.learning.prompt.Leap;
import dev.promptgate.learning.prompt.Prompt;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * How far a learner is, as it stands in the committed offset of its group.
 *
 * @param offset in image-features: the records before it are those that the update learns from
 * @param update the update's number, counted from 1; failed ones included
 * @param isShort whether it is a short update
 * @param isDone false if the update was decided on but is not finished: whoever comes next runs it on the very same records
 * @param model fingerprint
 */
public record Checkpoint(long offset, long update, boolean isShort, boolean isDone, String model) {
    private static final Pattern FORM = Pattern
            .compile("update=(\\d{1,18}) phase=(planned|done)( short)? model=(\\S{1,200})(?: writer=\\S+)?");

    OffsetAndMetadata encode() {
        return new OffsetAndMetadata(offset,
                "update=%d phase=%s%s model=%s".formatted(update, isDone ? "done" : "planned", isShort ? " short" : "", model));
    }

    /** Empty if the committed offset was written by anything else: of another form, or with a number that no learner counts up to. */
    public static Optional<Checkpoint> decode(OffsetAndMetadata committed) {
        Matcher form = FORM.matcher(String.valueOf(committed.metadata()));
        return !form.matches() ? Optional.empty() : Optional.of(new Checkpoint(committed.offset(), Long.parseLong(form.group(1)),
                form.group(3) != null, form.group(2).equals("done"), form.group(4)))
                .filter(found -> !Leap.isAt(found.update(), found.offset()));
    }

    /** Whether it says that the update which the candidate came from is done; both are of one transaction. */
    public boolean isBehind(Prompt candidate) {
        long published = CandidateWriter.update(candidate);
        return update > published || update == published && isDone;
    }

    Checkpoint done() {
        return new Checkpoint(offset, update, isShort, true, model);
    }
}
