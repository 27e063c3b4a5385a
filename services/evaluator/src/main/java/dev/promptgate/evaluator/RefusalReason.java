package dev.promptgate.evaluator;

/** Why a candidate was not even judged. */
enum RefusalReason {
    /** It is no whole, finite snapshot. */
    UNREADABLE,
    /** It belongs to another CLIP. */
    OTHER_MODEL,
    /** Its context does not fit the model. */
    WRONG_SHAPE,
    /** Its class names do not make prompts. */
    BAD_CLASSES
}
