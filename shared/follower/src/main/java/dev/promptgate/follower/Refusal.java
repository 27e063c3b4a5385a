package dev.promptgate.follower;

/** Why a record is not used; a closed list, so that it can tag a meter. */
public enum Refusal {
    /** It is not signed, or not by a key that is trusted, or its signature does not fit, or it is an old one sent again. */
    UNTRUSTED,
    /** It is no whole, finite prompt. */
    UNREADABLE,
    /** It belongs to another prompt than its key says. */
    OTHER_PROMPT, OTHER_MODEL,
    /** Its context does not fit the model. */
    WRONG_SHAPE,
    /** Its class names do not make prompts. */
    BAD_CLASSES
}
