package dev.promptgate.learner;

/** Why a feature record was passed over. */
enum SkipReason {
    /** It could not be decoded. */
    MALFORMED,
    /** It was made by another CLIP. */
    OTHER_MODEL,
    /** Its label does not fit a prompt. */
    LABEL_TOO_LONG
}
