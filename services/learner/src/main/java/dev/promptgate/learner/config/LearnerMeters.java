package dev.promptgate.learner.config;

import dev.promptgate.learning.continual.ContinualLearner;
import dev.promptgate.learning.step.Branch;
import dev.promptgate.learning.step.StepReport;
import dev.promptgate.service.metrics.MeterGroup;
import dev.promptgate.service.metrics.MeterSpec;
import dev.promptgate.service.metrics.Meters;
import io.micrometer.core.instrument.MeterRegistry;

/** The learner's meters. Thread-safe. */
public final class LearnerMeters extends Meters {
    /** Why a feature record was passed over. */
    public enum SkipReason {
        MALFORMED,
        OTHER_MODEL,
        /** Its label does not fit a prompt. */
        LABEL_TOO_LONG
    }

    public static final MeterGroup ALL = new MeterGroup();

    public static final MeterSpec PROMPT = ALL.gauge("promptgate.learner.prompt", "always 1; the tag says which prompt this learner keeps",
            "prompt_name");
    public static final MeterSpec FEATURES = ALL.counter("promptgate.learner.features", "training features taken in");
    public static final MeterSpec RETIRED = ALL.counter("promptgate.learner.features.retired",
            "training features of retired classes: kept, and not trained on");
    public static final MeterSpec SKIPPED = ALL.counter("promptgate.learner.skipped", "feature records passed over", "reason");
    public static final MeterSpec MEMORY_SHOTS = ALL.gauge("promptgate.learner.memory.shots", "images in the few-shot memory");
    public static final MeterSpec MEMORY_CLASSES = ALL.gauge("promptgate.learner.memory.classes", "classes with enough shots");
    public static final MeterSpec SAME_PROMPT_CLASSES = ALL.gauge("promptgate.learner.same-prompt.classes",
            "classes in memory, ready or not, that would be the same prompt as another or are in JSON's quotes");
    public static final MeterSpec REUSED_IDS = ALL.counter("promptgate.learner.reused-ids",
            "times an image id came again with other bytes");
    public static final MeterSpec IMAGE_FINGERPRINTS = ALL.gauge("promptgate.learner.image-fingerprints",
            "encoders of how many kinds the features come from: of how many preprocessings and precisions");
    public static final MeterSpec UPDATE_TIME = ALL.timer("promptgate.learner.update.time", "an update");
    public static final MeterSpec UPDATE_WAIT = ALL.timer("promptgate.learner.update.wait.time",
            "from the first new class or image that an update waited for to its start");
    public static final MeterSpec SHORT_UPDATES = ALL.counter("promptgate.learner.updates.short",
            "updates cut to learner.urgent-steps, since many new classes waited");
    public static final MeterSpec UPDATES_MADE_WAY = ALL.counter("promptgate.learner.updates.made-way",
            "whole updates given up in midway for a short one, since many new classes waited");
    public static final MeterSpec STEP_TIME = ALL.timer("promptgate.learner.step.time", "an optimiser step");
    public static final MeterSpec LOSS = ALL.gauge("promptgate.learner.loss", "cross-entropy at the last step");
    public static final MeterSpec PERTURBED_LOSS = ALL.gauge("promptgate.learner.perturbed-loss",
            "cross-entropy at the perturbed context, last step");
    public static final MeterSpec COSINE = ALL.gauge("promptgate.learner.cosine",
            "cosine of the plain and the sharpness-aware gradient, last step");
    public static final MeterSpec STEPS = ALL.counter("promptgate.learner.steps", "optimiser steps by the branch taken", "branch");
    public static final MeterSpec FAILED_UPDATES = ALL.counter("promptgate.learner.updates.failed",
            "updates given up for a loss that was not finite");
    public static final MeterSpec CANDIDATES = ALL.counter("promptgate.learner.candidates", "candidates published");
    public static final MeterSpec PASSED_OVER = ALL.counter("promptgate.learner.candidates.passed-over",
            "earlier candidates that a start could not go on from: unreadable, untrusted, of another shape, beyond the features, "
                    + "or with a number that leaps");
    public static final MeterSpec VERSION = ALL.gauge("promptgate.learner.version", "version of the last candidate");
    public static final MeterSpec UPDATE_DUE = ALL.gauge("promptgate.learner.update.due", "1 while an update is due or runs");
    public static final MeterSpec RESTORED = ALL.gauge("promptgate.learner.restored",
            "part of what was in the topic at the start that is taken in, 0 to 1");
    public static final MeterSpec LAG = ALL.gauge("promptgate.learner.lag", "feature records not yet taken in");

    /** Registers them; {@code prompt} is the one that this learner keeps. */
    public LearnerMeters(MeterRegistry registry, String prompt) {
        super(registry);
        gauge(PROMPT, () -> 1, prompt);
        counters(SKIPPED, SkipReason.class);
        counters(STEPS, Branch.class);
        register(ALL.all());
        set(SAME_PROMPT_CLASSES, 0);
        set(IMAGE_FINGERPRINTS, 0);
    }

    public void step(StepReport report, long nanos) {
        time(STEP_TIME, nanos);
        set(LOSS, report.loss());
        set(PERTURBED_LOSS, report.perturbedLoss());
        set(COSINE, report.cosine());
        increment(STEPS, report.branch());
    }

    public void candidate(long version, long nanos) {
        increment(CANDIDATES);
        time(UPDATE_TIME, nanos);
        set(VERSION, version);
    }

    /** What is in the memory, which is looked through. */
    public void memory(ContinualLearner learner) {
        set(MEMORY_SHOTS, learner.memory().size());
        set(MEMORY_CLASSES, learner.readyClasses());
    }
}
