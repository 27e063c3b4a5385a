package dev.promptgate.evaluator.config;

import dev.promptgate.messaging.record.WireName;

/** Why a candidate was not even judged. */
public enum RefusalReason implements WireName {
    /** It is not signed, or not by a key that is trusted, or the signature does not fit. */
    UNTRUSTED,
    /** It is no whole, finite prompt. */
    UNREADABLE,
    /** It belongs to another prompt than its key says. */
    OTHER_PROMPT, OTHER_MODEL,
    /** Its version is not above that of an earlier candidate. */
    REPEATED_VERSION,
    /** Its context does not fit the model. */
    WRONG_SHAPE,
    /** Its class names do not make prompts. */
    BAD_CLASSES
}
