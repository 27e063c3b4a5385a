package dev.promptgate.evaluator;

import dev.promptgate.learning.accuracy.Accuracies;
import dev.promptgate.learning.gate.Outcome;
import dev.promptgate.service.metrics.MeterKind;
import dev.promptgate.service.metrics.MeterSpec;
import dev.promptgate.service.metrics.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** The evaluator's meters. Thread-safe. */
public final class EvaluatorMeters {
    /** Whose accuracy a gauge shows. */
    enum Subject { LIVE, CANDIDATE, ZERO_SHOT }

    /** Which accuracy a gauge shows. */
    enum Protocol { SEEN, UNSEEN, HM, JOINT }

    public static final MeterSpec ACCURACY = new MeterSpec("promptgate.evaluator.accuracy", MeterKind.GAUGE, List.of("prompt", "protocol"), "accuracy of the live, candidate or hand-written prompt: seen, unseen, harmonic mean or joint; a fraction");
    public static final MeterSpec HELD_OUT = new MeterSpec("promptgate.evaluator.held-out", MeterKind.GAUGE, "held-out images known");
    public static final MeterSpec PROBE = new MeterSpec("promptgate.evaluator.probe", MeterKind.GAUGE, "probe images known");
    public static final MeterSpec VERDICTS = new MeterSpec("promptgate.evaluator.verdicts", MeterKind.COUNTER, List.of("outcome"), "final verdicts on candidates");
    public static final MeterSpec REFUSALS = new MeterSpec("promptgate.evaluator.refusals", MeterKind.COUNTER, List.of("reason"), "candidates that could not be judged");
    public static final MeterSpec SKIPPED = new MeterSpec("promptgate.evaluator.skipped", MeterKind.COUNTER, "feature records passed over: malformed, or of another model");
    public static final MeterSpec EVALUATION_TIME = new MeterSpec("promptgate.evaluator.evaluation.time", MeterKind.TIMER, "a comparison of prompts");
    public static final MeterSpec ROLLOUTS = new MeterSpec("promptgate.evaluator.rollouts", MeterKind.COUNTER, "prompts rolled out");
    public static final MeterSpec LIVE_VERSION = new MeterSpec("promptgate.evaluator.live.version", MeterKind.GAUGE, "version of the live prompt; 0 is the hand-written one");
    public static final MeterSpec ROLLOUT_AGE = new MeterSpec("promptgate.evaluator.rollout.age", MeterKind.GAUGE, "seconds since the live prompt was rolled out; NaN before the first");
    public static final MeterSpec FRESHNESS = new MeterSpec("promptgate.evaluator.freshness", MeterKind.TIMER, "from a class's last needed shot to the rollout that contains it");
    public static final MeterSpec PENDING = new MeterSpec("promptgate.evaluator.pending", MeterKind.GAUGE, "candidates that wait for a first verdict");
    public static final MeterSpec LAG = new MeterSpec("promptgate.evaluator.lag", MeterKind.GAUGE, "feature and candidate records not yet read");

    private final Map<String, AtomicReference<Double>> accuracies = new HashMap<>();
    private final AtomicReference<Double> heldOut;
    private final AtomicReference<Double> probe;
    private final Map<Outcome, Counter> verdicts;
    private final Map<RefusalReason, Counter> refusals;
    private final Counter skipped;
    private final Timer evaluationTime;
    private final Counter rollouts;
    private final Timer freshness;
    private final AtomicLong liveVersion = new AtomicLong();
    private final AtomicLong rolledOutAt = new AtomicLong();
    private final AtomicReference<Double> pending;
    private final AtomicReference<Double> lag;

    /** Registers them. */
    public EvaluatorMeters(MeterRegistry registry) {
        Meters meters = new Meters(registry);
        for (Subject subject : Subject.values()) {
            for (Protocol protocol : Protocol.values()) {
                accuracies.put(subject + "/" + protocol, meters.gauge(ACCURACY, Meters.tagValue(subject), Meters.tagValue(protocol)));
            }
        }
        heldOut = meters.gauge(HELD_OUT);
        probe = meters.gauge(PROBE);
        verdicts = meters.counters(VERDICTS, Outcome.class);
        refusals = meters.counters(REFUSALS, RefusalReason.class);
        skipped = meters.counter(SKIPPED);
        evaluationTime = meters.timer(EVALUATION_TIME);
        rollouts = meters.counter(ROLLOUTS);
        freshness = meters.timer(FRESHNESS);
        meters.gauge(LIVE_VERSION, liveVersion::get);
        meters.gauge(ROLLOUT_AGE, () -> rolledOutAt.get() == 0 ? Double.NaN : (System.currentTimeMillis() - rolledOutAt.get()) / 1000.0);
        pending = meters.gauge(PENDING);
        lag = meters.gauge(LAG);
    }

    /** All of them. */
    public static List<MeterSpec> all() {
        return List.of(ACCURACY, HELD_OUT, PROBE, VERDICTS, REFUSALS, SKIPPED, EVALUATION_TIME, ROLLOUTS, LIVE_VERSION, ROLLOUT_AGE, FRESHNESS, PENDING, LAG);
    }

    void accuracies(Subject subject, Accuracies values) {
        accuracies.get(subject + "/" + Protocol.SEEN).set(values.seen());
        accuracies.get(subject + "/" + Protocol.UNSEEN).set(values.unseen());
        accuracies.get(subject + "/" + Protocol.HM).set(values.harmonicMean());
        accuracies.get(subject + "/" + Protocol.JOINT).set(values.joint());
    }

    void verdict(Outcome outcome) {
        verdicts.get(outcome).increment();
    }

    void refusal(RefusalReason reason) {
        refusals.get(reason).increment();
    }

    void skipped() {
        skipped.increment();
    }

    void evaluated(long nanos) {
        evaluationTime.record(nanos, TimeUnit.NANOSECONDS);
    }

    void live(long version, long rolledOutAtMillis) {
        liveVersion.set(version);
        rolledOutAt.set(rolledOutAtMillis);
    }

    void rollout() {
        rollouts.increment();
    }

    void fresh(long millis) {
        freshness.record(Math.max(0, millis), TimeUnit.MILLISECONDS);
    }

    void state(HeldOutSet set, int waiting, long unread) {
        heldOut.set((double) set.heldOut());
        probe.set((double) set.size() - set.heldOut());
        pending.set((double) waiting);
        lag.set((double) unread);
    }
}
