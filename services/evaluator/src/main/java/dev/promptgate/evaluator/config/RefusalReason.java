package dev.promptgate.evaluator.config;

import dev.promptgate.messaging.record.WireName;

/** Why a candidate was not even judged: a follower's {@code Refusal}, or its version is not above that of an earlier candidate. */
public enum RefusalReason implements WireName {
    UNTRUSTED, UNREADABLE, OTHER_PROMPT, OTHER_MODEL, REPEATED_VERSION, WRONG_SHAPE, BAD_CLASSES
}
