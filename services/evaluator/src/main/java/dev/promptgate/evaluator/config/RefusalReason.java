package dev.promptgate.evaluator.config;

import dev.promptgate.messaging.record.WireName;

/**
 * Why a candidate was not even judged: a follower's {@code Refusal}, its version is not above that of an earlier candidate or leaps, or it
 * was learned from features that are not there.
 */
public enum RefusalReason implements WireName {
    UNTRUSTED, UNREADABLE, OTHER_PROMPT, OTHER_MODEL, REPEATED_VERSION, LEAPING_VERSION, WRONG_SHAPE, BAD_CLASSES, BEYOND_END
}
