package dev.promptgate.learner;

/** Why a feature record was passed over. */
enum SkipReason {
    MALFORMED, OTHER_MODEL,
    /** Its label does not fit a prompt. */
    LABEL_TOO_LONG
}
