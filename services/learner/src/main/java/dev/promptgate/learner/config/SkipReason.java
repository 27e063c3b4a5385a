package dev.promptgate.learner.config;

/** Why a feature record was passed over. */
public enum SkipReason {
    MALFORMED, OTHER_MODEL,
    /** Its label does not fit a prompt. */
    LABEL_TOO_LONG
}
