package dev.promptgate.evaluator.config;

import dev.promptgate.learning.accuracy.Accuracies;
import dev.promptgate.learning.accuracy.WaveAccuracies;
import dev.promptgate.learning.gate.Outcome;
import dev.promptgate.learning.prompt.PromptMetadata;
import dev.promptgate.messaging.record.WireName;
import dev.promptgate.service.metrics.MeterKind;
import dev.promptgate.service.metrics.MeterSpec;
import dev.promptgate.service.metrics.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** The evaluator's meters. Thread-safe. */
public final class EvaluatorMeters {
    /** Whose accuracy a gauge shows. */
    enum Subject {
        LIVE, CANDIDATE, ZERO_SHOT
    }

    /** Which accuracy a gauge shows. */
    enum Protocol {
        SEEN, UNSEEN, HM, JOINT
    }

    enum Classes {
        SEEN, UNSEEN
    }

    /** Which figure of continual learning a gauge shows. */
    enum Figure {
        AVERAGE_ACCURACY, MEAN_FORGETTING, BACKWARD_TRANSFER
    }

    /** Who took the live prompt back. */
    enum Cause {
        WATCH, OPERATOR
    }

    enum Answer {
        ACCEPTED, REFUSED
    }

    public static final MeterSpec PROMPT = new MeterSpec("promptgate.evaluator.prompt", MeterKind.GAUGE, List.of("prompt_name"),
            "always 1; the tag says which prompt this evaluator keeps");
    public static final MeterSpec ACCURACY = new MeterSpec("promptgate.evaluator.accuracy", MeterKind.GAUGE, List.of("prompt", "protocol"),
            "accuracy of the live, candidate or hand-written prompt: seen, unseen, harmonic mean or joint; a fraction");
    public static final MeterSpec PREQUENTIAL = new MeterSpec("promptgate.evaluator.prequential", MeterKind.GAUGE, List.of("prompt"),
            "accuracy on images of classes that the live prompt was not trained on, at their arrival; a fraction");
    public static final MeterSpec CONTINUAL = new MeterSpec("promptgate.evaluator.continual", MeterKind.GAUGE, List.of("prompt", "figure"),
            "average accuracy, mean forgetting and backward transfer over the waves, of the live "
                    + "prompts and of the hand-written one; fractions");
    public static final MeterSpec WAVES = new MeterSpec("promptgate.evaluator.waves", MeterKind.GAUGE,
            "waves of newly trained classes rolled out");
    public static final MeterSpec HELD_OUT = new MeterSpec("promptgate.evaluator.held-out", MeterKind.GAUGE, "held-out images that judge");
    public static final MeterSpec PROBE = new MeterSpec("promptgate.evaluator.probe", MeterKind.GAUGE, "probe images that judge");
    public static final MeterSpec VERDICTS = new MeterSpec("promptgate.evaluator.verdicts", MeterKind.COUNTER, List.of("outcome"),
            "final verdicts on candidates");
    public static final MeterSpec REFUSALS = new MeterSpec("promptgate.evaluator.refusals", MeterKind.COUNTER, List.of("reason"),
            "candidates that could not be judged");
    public static final MeterSpec SKIPPED = new MeterSpec("promptgate.evaluator.skipped", MeterKind.COUNTER,
            "feature records passed over: malformed, of another model, or with a label that fits no prompt");
    public static final MeterSpec EVALUATION_TIME = new MeterSpec("promptgate.evaluator.evaluation.time", MeterKind.TIMER,
            "a comparison of prompts");
    public static final MeterSpec ROLLOUTS = new MeterSpec("promptgate.evaluator.rollouts", MeterKind.COUNTER, "prompts rolled out");
    public static final MeterSpec ROLLBACKS = new MeterSpec("promptgate.evaluator.rollbacks", MeterKind.COUNTER, List.of("cause"),
            "live prompts taken back, by the watch or by an operator");
    public static final MeterSpec REPAIRS = new MeterSpec("promptgate.evaluator.repairs", MeterKind.COUNTER,
            "times prompt-rollouts held what the gate had not rolled out, and was put right");
    public static final MeterSpec COMMANDS = new MeterSpec("promptgate.evaluator.commands", MeterKind.COUNTER, List.of("answer"),
            "operators' commands");
    public static final MeterSpec WATCH = new MeterSpec("promptgate.evaluator.watch", MeterKind.GAUGE, List.of("classes"),
            "evidence that the live prompt regresses, as a part of what rolls it back; negative speaks against it");
    public static final MeterSpec PAUSED = new MeterSpec("promptgate.evaluator.paused", MeterKind.GAUGE, "1 while the gate is paused");
    public static final MeterSpec COOL_DOWN = new MeterSpec("promptgate.evaluator.cool-down", MeterKind.GAUGE,
            "seconds until the cool-down after a rollback is over");
    public static final MeterSpec LIVE_VERSION = new MeterSpec("promptgate.evaluator.live.version", MeterKind.GAUGE,
            "version of the live prompt; 0 is the hand-written one");
    public static final MeterSpec LIVE_CLASSES = new MeterSpec("promptgate.evaluator.live.classes", MeterKind.GAUGE,
            "classes that the live prompt was trained on; 0 for the hand-written one");
    public static final MeterSpec ROLLOUT_AGE = new MeterSpec("promptgate.evaluator.rollout.age", MeterKind.GAUGE,
            "seconds since the live prompt went live; NaN before the first rollout");
    public static final MeterSpec FRESHNESS = new MeterSpec("promptgate.evaluator.freshness", MeterKind.TIMER,
            "from a class's last needed shot to the rollout that contains it");
    public static final MeterSpec PENDING = new MeterSpec("promptgate.evaluator.pending", MeterKind.GAUGE,
            "candidates that wait for a first verdict");
    public static final MeterSpec INCONCLUSIVE = new MeterSpec("promptgate.evaluator.inconclusive", MeterKind.GAUGE,
            "candidates that were judged and wait for more images");
    public static final MeterSpec INCONCLUSIVE_AGE = new MeterSpec("promptgate.evaluator.inconclusive.age", MeterKind.GAUGE,
            "seconds since the oldest of them was written; 0 if there is none");
    public static final MeterSpec RESTORED = new MeterSpec("promptgate.evaluator.restored", MeterKind.GAUGE,
            "part of what was in the topic at the start that is taken in, 0 to 1");
    public static final MeterSpec LAG = new MeterSpec("promptgate.evaluator.lag", MeterKind.GAUGE,
            "feature and candidate records not yet taken in");

    private static final List<MeterSpec> PLAIN_GAUGES = List.of(WAVES, HELD_OUT, PROBE, PAUSED, LIVE_CLASSES, PENDING, INCONCLUSIVE,
            RESTORED, LAG);

    private final MeterRegistry registry;
    private final Map<String, AtomicReference<Double>> gauges = new HashMap<>();
    private final Map<Outcome, Counter> verdicts;
    private final Map<RefusalReason, Counter> refusals;
    private final Map<Cause, Counter> rollbacks;
    private final Map<Answer, Counter> commands;
    private final Counter skipped;
    private final Timer evaluationTime;
    private final Counter rollouts;
    private final Counter repairs;
    private final Timer freshness;
    private final AtomicLong liveVersion = new AtomicLong();
    private final AtomicLong liveSince = new AtomicLong();
    private final AtomicLong inconclusiveSince = new AtomicLong();
    private final AtomicLong coolDownUntil = new AtomicLong();
    private final Set<String> rolledOutClasses = new HashSet<>();

    /**
     * Registers them.
     *
     * @param prompt the name of the prompt that this evaluator keeps
     */
    public EvaluatorMeters(MeterRegistry registry, String prompt) {
        this.registry = registry;
        Meters meters = new Meters(registry);
        meters.gauge(PROMPT, () -> 1, prompt);
        for (Subject subject : Subject.values()) {
            for (Protocol protocol : Protocol.values()) {
                gauge(meters, ACCURACY, subject, protocol);
            }
        }
        for (Subject subject : List.of(Subject.LIVE, Subject.ZERO_SHOT)) {
            gauge(meters, PREQUENTIAL, subject);
            for (Figure figure : Figure.values()) {
                gauge(meters, CONTINUAL, subject, figure);
            }
        }
        for (Classes classes : Classes.values()) {
            gauge(meters, WATCH, classes);
        }
        PLAIN_GAUGES.forEach(spec -> gauge(meters, spec));
        verdicts = meters.counters(VERDICTS, Outcome.class);
        refusals = meters.counters(REFUSALS, RefusalReason.class);
        rollbacks = meters.counters(ROLLBACKS, Cause.class);
        commands = meters.counters(COMMANDS, Answer.class);
        skipped = meters.counter(SKIPPED);
        evaluationTime = meters.timer(EVALUATION_TIME);
        rollouts = meters.counter(ROLLOUTS);
        repairs = meters.counter(REPAIRS);
        freshness = meters.timer(FRESHNESS);
        meters.gauge(LIVE_VERSION, liveVersion::get);
        meters.gauge(ROLLOUT_AGE, () -> secondsSince(liveSince.get(), Double.NaN));
        meters.gauge(INCONCLUSIVE_AGE, () -> secondsSince(inconclusiveSince.get(), 0));
        meters.gauge(COOL_DOWN, () -> Math.max(0, coolDownUntil.get() - System.currentTimeMillis()) / 1000.0);
    }

    private static double secondsSince(long millis, double never) {
        return millis == 0 ? never : Math.max(0, System.currentTimeMillis() - millis) / 1000.0;
    }

    private void gauge(Meters meters, MeterSpec spec, Enum<?>... tags) {
        gauges.put(key(spec, tags), meters.gauge(spec, Arrays.stream(tags).map(WireName::of).toArray(String[]::new)));
    }

    private void set(double value, MeterSpec spec, Enum<?>... tags) {
        gauges.get(key(spec, tags)).set(value);
    }

    private static String key(MeterSpec spec, Enum<?>... tags) {
        return spec.name() + Arrays.toString(tags);
    }

    public MeterRegistry registry() {
        return registry;
    }

    public static List<MeterSpec> all() {
        return List.of(PROMPT, ACCURACY, PREQUENTIAL, CONTINUAL, WAVES, HELD_OUT, PROBE, VERDICTS, REFUSALS, SKIPPED, EVALUATION_TIME,
                ROLLOUTS, ROLLBACKS, REPAIRS, COMMANDS, WATCH, PAUSED, COOL_DOWN, LIVE_VERSION, LIVE_CLASSES, ROLLOUT_AGE, FRESHNESS,
                PENDING, INCONCLUSIVE, INCONCLUSIVE_AGE, RESTORED, LAG);
    }

    /** A candidate was compared with the live prompt. */
    public void judged(Accuracies candidate, long nanos) {
        evaluationTime.record(nanos, TimeUnit.NANOSECONDS);
        accuracies(Subject.CANDIDATE, candidate);
    }

    /** The live prompt was measured. */
    public void measured(Accuracies live, Accuracies zeroShot, long nanos) {
        evaluationTime.record(nanos, TimeUnit.NANOSECONDS);
        accuracies(Subject.LIVE, live);
        accuracies(Subject.ZERO_SHOT, zeroShot);
    }

    private void accuracies(Subject subject, Accuracies values) {
        set(values.seen(), ACCURACY, subject, Protocol.SEEN);
        set(values.unseen(), ACCURACY, subject, Protocol.UNSEEN);
        set(values.harmonicMean(), ACCURACY, subject, Protocol.HM);
        set(values.joint(), ACCURACY, subject, Protocol.JOINT);
    }

    /** Prequential accuracies; NaN where unknown. */
    public void prequential(double live, double zeroShot) {
        set(live, PREQUENTIAL, Subject.LIVE);
        set(zeroShot, PREQUENTIAL, Subject.ZERO_SHOT);
    }

    public void continual(WaveAccuracies.Figures live, WaveAccuracies.Figures zeroShot) {
        set(live.waves(), WAVES);
        continual(Subject.LIVE, live);
        continual(Subject.ZERO_SHOT, zeroShot);
    }

    private void continual(Subject subject, WaveAccuracies.Figures figures) {
        set(figures.averageAccuracy(), CONTINUAL, subject, Figure.AVERAGE_ACCURACY);
        set(figures.meanForgetting(), CONTINUAL, subject, Figure.MEAN_FORGETTING);
        set(figures.backwardTransfer(), CONTINUAL, subject, Figure.BACKWARD_TRANSFER);
    }

    /** A final verdict. */
    public void verdict(Outcome outcome) {
        verdicts.get(outcome).increment();
    }

    /** A candidate that could not be judged. */
    public void refusal(RefusalReason reason) {
        refusals.get(reason).increment();
    }

    /** A feature record was passed over. */
    public void skipped() {
        skipped.increment();
    }

    /** What is live, and since when; 0 for never. */
    public void live(long version, long sinceMillis) {
        liveVersion.set(version);
        liveSince.set(sinceMillis);
    }

    /** A prompt was rolled out; classes that no rollout contained before are measured for freshness. */
    public void rolledOut(PromptMetadata about, long nowMillis) {
        rollouts.increment();
        live(about.version(), nowMillis);
        about.readyAt().forEach((name, ready) -> {
            if (rolledOutClasses.add(name)) {
                freshness.record(Math.max(0, nowMillis - ready), TimeUnit.MILLISECONDS);
            }
        });
    }

    /** Classes that earlier runs rolled out. */
    public void knownClasses(Collection<String> classes) {
        rolledOutClasses.addAll(classes);
    }

    /** The live prompt was taken back. */
    public void rolledBack(boolean byOperator, long version, long nowMillis) {
        rollbacks.get(byOperator ? Cause.OPERATOR : Cause.WATCH).increment();
        live(version, nowMillis);
    }

    /** The topic of live prompts was put right. */
    public void repaired() {
        repairs.increment();
    }

    /** An operator's command was carried out or refused. */
    public void command(boolean accepted) {
        commands.get(accepted ? Answer.ACCEPTED : Answer.REFUSED).increment();
    }

    /** The watch's evidence as a part of what an alarm needs. */
    public void watch(double seen, double unseen) {
        set(seen, WATCH, Classes.SEEN);
        set(unseen, WATCH, Classes.UNSEEN);
    }

    /** What keeps prompts from going out. */
    public void brake(boolean paused, long coolDownUntilMillis) {
        set(paused ? 1 : 0, PAUSED);
        coolDownUntil.set(coolDownUntilMillis);
    }

    /** How many classes the live prompt was trained on. */
    public void liveClasses(int trained) {
        set(trained, LIVE_CLASSES);
    }

    /**
     * Candidates without a final verdict.
     *
     * @param unclearSince when the oldest unclear one was written, epoch milliseconds; 0 if there is none
     */
    public void waiting(int unjudged, int unclear, long unclearSince) {
        set(unjudged, PENDING);
        set(unclear, INCONCLUSIVE);
        inconclusiveSince.set(unclearSince);
    }

    /** Images that judge. */
    public void images(int heldOut, int probe) {
        set(heldOut, HELD_OUT);
        set(probe, PROBE);
    }

    /** How far the reading is. */
    public void reading(double restored, long unread) {
        set(restored, RESTORED);
        set(unread, LAG);
    }
}
