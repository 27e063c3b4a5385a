package dev.promptgate.messaging.record;

import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import java.nio.charset.CharacterCodingException;

public final class LabelRules {
    /** The longest label, bytes of UTF-8. */
    public static final int MAX_BYTES = 256;

    private static final String[] SPECIAL_TOKENS = {"<|startoftext|>", "<|endoftext|>"};

    private LabelRules() {}

    /** The label in a header's bytes, null where the header is missing; throws InvalidRecordException if it breaks a rule. */
    public static String read(byte[] bytes) throws InvalidRecordException {
        if (bytes == null) {
            throw new InvalidRecordException(RejectionCode.MISSING_LABEL,
                    "The record has no label; send the class name in the header 'label'");
        }
        if (bytes.length > MAX_BYTES) {
            throw new InvalidRecordException(RejectionCode.LABEL_TOO_LONG,
                    "The label is too long for a class name; shorten it [bytes: %d, limit: %d]".formatted(bytes.length, MAX_BYTES));
        }
        String label;
        try {
            label = RecordHeaders.text(bytes);
        } catch (CharacterCodingException e) {
            throw new InvalidRecordException(RejectionCode.MALFORMED_LABEL,
                    "The label is not UTF-8; encode it so [bytes: " + bytes.length + "]");
        }
        if (label.isBlank()) {
            throw new InvalidRecordException(RejectionCode.BLANK_LABEL, "The label is blank; send the class name in the header 'label'");
        }
        if (label.codePoints().anyMatch(Character::isISOControl)) {
            throw new InvalidRecordException(RejectionCode.LABEL_CONTROL_CHARACTER, "The label holds a control character; remove it");
        }
        for (String special : SPECIAL_TOKENS) {
            if (label.contains(special)) {
                throw new InvalidRecordException(RejectionCode.LABEL_SPECIAL_TOKEN,
                        "The label holds the text of a special token; rename the class [token: " + special + "]");
            }
        }
        return label;
    }
}
