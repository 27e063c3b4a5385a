package dev.promptgate.ingest.label;

import dev.promptgate.messaging.record.ImageIds;
import dev.promptgate.messaging.record.LabelRules;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import dev.promptgate.messaging.record.RejectionCode;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.messaging.record.WireName;
import dev.promptgate.service.api.Problem;
import dev.promptgate.service.api.ProblemException;
import java.nio.charset.StandardCharsets;

/** Labels, ids and splits as people and programs send them, held to the rules of {@code labelled-images}. */
public final class LabelFields {
    private static final String REPLACED = "\uFFFD"; // stands where bytes were no UTF-8

    private LabelFields() {}

    /** The label; a {@link ProblemException} if it breaks a rule. */
    public static String label(String text) {
        try {
            requireUtf8(text, "label");
            return LabelRules.read(text.getBytes(StandardCharsets.UTF_8));
        } catch (InvalidRecordException e) {
            throw Problem.of(422, "The label cannot be used; send another class name [label: %s, why: %s]".formatted(Quoted.of(text),
                    e.code().wireName())).exception();
        }
    }

    /** An image id; a {@link ProblemException} if there is nothing in it or too much. */
    public static String id(String text) {
        requireUtf8(text, "id");
        if (text.isEmpty()) {
            throw Problem.of(422, "The id is empty; name the image, or leave it out when you send one").exception();
        }
        try {
            ImageIds.check(text.getBytes(StandardCharsets.UTF_8));
            return text;
        } catch (InvalidRecordException e) {
            throw Problem.of(422, e.code() == RejectionCode.RESERVED_ID ? e.getMessage()
                    : "The id is too long; send one of at most %d bytes".formatted(ImageIds.MAX_BYTES)).exception();
        }
    }

    /** A split; a {@link ProblemException} if there is none of that name. */
    public static Split split(String text) {
        return WireName.parse(Split.class, text).orElseThrow(() -> Problem.of(422,
                "The split is unknown; use train, held-out or probe, or leave it out [split: %s]".formatted(Quoted.of(text))).exception());
    }

    private static void requireUtf8(String text, String name) {
        if (text.contains(REPLACED)) {
            throw Problem.of(422, "The %s is not UTF-8; encode it so".formatted(name)).exception();
        }
    }
}
