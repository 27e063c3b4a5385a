package dev.promptgate.classifier.config;

import dev.promptgate.messaging.record.WireName;

/** Whether a prompt stands behind its likeliest label of an image, and if not, why; tags the meter of selections. */
public enum Selection implements WireName {
    ANSWERED,
    /** The label is less probable than the prompt's threshold. */
    BELOW_THRESHOLD,
    /** The prompt has no threshold: it is the hand-written one, or its rollout found none that keeps the target error. */
    NO_THRESHOLD
}
