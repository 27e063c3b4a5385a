package dev.promptgate.learner;

import dev.promptgate.learning.continual.ContinualLearner;
import dev.promptgate.learning.step.Branch;
import dev.promptgate.learning.step.StepReport;
import dev.promptgate.service.kafka.Catchup;
import dev.promptgate.service.metrics.MeterKind;
import dev.promptgate.service.metrics.MeterSpec;
import dev.promptgate.service.metrics.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** The learner's meters. Thread-safe. */
public final class LearnerMeters {
    public static final MeterSpec PROMPT = new MeterSpec("promptgate.learner.prompt", MeterKind.GAUGE, List.of("prompt_name"),
            "always 1; the tag says which prompt this learner keeps");
    public static final MeterSpec FEATURES = new MeterSpec("promptgate.learner.features", MeterKind.COUNTER, "training features taken in");
    public static final MeterSpec SKIPPED = new MeterSpec("promptgate.learner.skipped", MeterKind.COUNTER, List.of("reason"),
            "feature records passed over");
    public static final MeterSpec MEMORY_SHOTS = new MeterSpec("promptgate.learner.memory.shots", MeterKind.GAUGE,
            "images in the few-shot memory");
    public static final MeterSpec MEMORY_CLASSES = new MeterSpec("promptgate.learner.memory.classes", MeterKind.GAUGE,
            "classes with enough shots");
    public static final MeterSpec UPDATE_TIME = new MeterSpec("promptgate.learner.update.time", MeterKind.TIMER, "an update");
    public static final MeterSpec STEP_TIME = new MeterSpec("promptgate.learner.step.time", MeterKind.TIMER, "an optimiser step");
    public static final MeterSpec LOSS = new MeterSpec("promptgate.learner.loss", MeterKind.GAUGE, "cross-entropy at the last step");
    public static final MeterSpec PERTURBED_LOSS = new MeterSpec("promptgate.learner.perturbed-loss", MeterKind.GAUGE,
            "cross-entropy at the perturbed context, last step");
    public static final MeterSpec COSINE = new MeterSpec("promptgate.learner.cosine", MeterKind.GAUGE,
            "cosine of the plain and the sharpness-aware gradient, last step");
    public static final MeterSpec STEPS = new MeterSpec("promptgate.learner.steps", MeterKind.COUNTER, List.of("branch"),
            "optimiser steps by the branch taken");
    public static final MeterSpec FAILED_UPDATES = new MeterSpec("promptgate.learner.updates.failed", MeterKind.COUNTER,
            "updates given up for a loss that was not finite");
    public static final MeterSpec CANDIDATES = new MeterSpec("promptgate.learner.candidates", MeterKind.COUNTER, "candidates published");
    public static final MeterSpec VERSION = new MeterSpec("promptgate.learner.version", MeterKind.GAUGE, "version of the last candidate");
    public static final MeterSpec UPDATE_DUE = new MeterSpec("promptgate.learner.update.due", MeterKind.GAUGE,
            "1 while an update is due or runs");
    public static final MeterSpec RESTORED = new MeterSpec("promptgate.learner.restored", MeterKind.GAUGE,
            "part of what was in the topic at the start that is taken in, 0 to 1");
    public static final MeterSpec LAG = new MeterSpec("promptgate.learner.lag", MeterKind.GAUGE, "feature records not yet taken in");

    private final MeterRegistry registry;
    private final Counter features;
    private final Map<SkipReason, Counter> skipped;
    private final Timer updateTime;
    private final Timer stepTime;
    private final AtomicReference<Double> loss;
    private final AtomicReference<Double> perturbedLoss;
    private final AtomicReference<Double> cosine;
    private final Map<Branch, Counter> steps;
    private final Counter failedUpdates;
    private final Counter candidates;
    private final AtomicReference<Double> memoryShots;
    private final AtomicReference<Double> memoryClasses;
    private final AtomicReference<Double> version;
    private final AtomicReference<Double> updateDue;
    private final AtomicReference<Double> restored;
    private final AtomicReference<Double> lag;

    /**
     * Registers them.
     *
     * @param prompt the name of the prompt that this learner keeps
     */
    public LearnerMeters(MeterRegistry registry, String prompt) {
        this.registry = registry;
        Meters meters = new Meters(registry);
        meters.gauge(PROMPT, () -> 1, prompt);
        features = meters.counter(FEATURES);
        skipped = meters.counters(SKIPPED, SkipReason.class);
        memoryShots = meters.gauge(MEMORY_SHOTS);
        memoryClasses = meters.gauge(MEMORY_CLASSES);
        updateTime = meters.timer(UPDATE_TIME);
        stepTime = meters.timer(STEP_TIME);
        loss = meters.gauge(LOSS);
        perturbedLoss = meters.gauge(PERTURBED_LOSS);
        cosine = meters.gauge(COSINE);
        steps = meters.counters(STEPS, Branch.class);
        failedUpdates = meters.counter(FAILED_UPDATES);
        candidates = meters.counter(CANDIDATES);
        version = meters.gauge(VERSION);
        updateDue = meters.gauge(UPDATE_DUE);
        restored = meters.gauge(RESTORED);
        lag = meters.gauge(LAG);
    }

    MeterRegistry registry() {
        return registry;
    }

    public static List<MeterSpec> all() {
        return List.of(PROMPT, FEATURES, SKIPPED, MEMORY_SHOTS, MEMORY_CLASSES, UPDATE_TIME, STEP_TIME, LOSS, PERTURBED_LOSS, COSINE, STEPS,
                FAILED_UPDATES,
                CANDIDATES, VERSION, UPDATE_DUE, RESTORED, LAG);
    }

    void feature() {
        features.increment();
    }

    void skipped(SkipReason reason) {
        skipped.get(reason).increment();
    }

    void step(StepReport report, long nanos) {
        stepTime.record(nanos, TimeUnit.NANOSECONDS);
        loss.set(report.loss());
        perturbedLoss.set(report.perturbedLoss());
        cosine.set(report.cosine());
        steps.get(report.branch()).increment();
    }

    void candidate(long newVersion, long nanos) {
        candidates.increment();
        updateTime.record(nanos, TimeUnit.NANOSECONDS);
        version.set((double) newVersion);
    }

    void failedUpdate() {
        failedUpdates.increment();
    }

    void state(ContinualLearner learner, Catchup catchup) {
        restored.set(catchup.fraction());
        memoryShots.set((double) learner.memory().size());
        memoryClasses.set((double) learner.readyClasses());
    }

    void updateDue(boolean isDueOrRuns) {
        updateDue.set(isDueOrRuns ? 1.0 : 0.0);
    }

    void unread(long records) {
        lag.set((double) records);
    }
}
