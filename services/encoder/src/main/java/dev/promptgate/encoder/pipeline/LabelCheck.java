package dev.promptgate.encoder.pipeline;

import dev.promptgate.clip.text.TextEncoder;
import dev.promptgate.messaging.record.InvalidRecordException;
import dev.promptgate.messaging.record.RejectionCode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Whether a label, fine as a header, also fits a prompt of the model. Answers are remembered, a bounded number of them. Thread-safe. */
final class LabelCheck {
    private static final int MAX_REMEMBERED = 100_000;

    private final TextEncoder encoder;
    private final int contextTokens;
    private final Map<String, Boolean> fits = new ConcurrentHashMap<>();

    LabelCheck(TextEncoder encoder, int contextTokens) {
        this.encoder = encoder;
        this.contextTokens = contextTokens;
    }

    void check(String label) throws InvalidRecordException {
        if (!encoder.hasTokenizer()) {
            return; // a model of random weights, in a benchmark: labels are never made into prompts
        }
        if (fits.size() > MAX_REMEMBERED) {
            fits.clear();
        }
        if (!fits.computeIfAbsent(label, this::fitsPrompt)) {
            throw new InvalidRecordException(RejectionCode.LABEL_TOO_LONG, "The label makes more tokens than the model's text tower takes; shorten it");
        }
    }

    private boolean fitsPrompt(String label) {
        try {
            encoder.prompts(List.of(label), contextTokens);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
