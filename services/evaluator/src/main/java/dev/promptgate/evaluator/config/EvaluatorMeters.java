package dev.promptgate.evaluator.config;

import static java.lang.Double.NaN;

import dev.promptgate.learning.accuracy.Accuracies;
import dev.promptgate.learning.accuracy.WaveAccuracies;
import dev.promptgate.learning.calibration.Calibration;
import dev.promptgate.learning.gate.Verdict.Outcome;
import dev.promptgate.learning.prompt.PromptMetadata;
import dev.promptgate.messaging.report.ComparedPrompts.Role;
import dev.promptgate.messaging.report.EvaluationReport.ReplacementReport.Cause;
import dev.promptgate.service.metrics.MeterGroup;
import dev.promptgate.service.metrics.MeterSpec;
import dev.promptgate.service.metrics.Meters;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** The evaluator's meters. Thread-safe. */
public final class EvaluatorMeters {
    public static final MeterGroup ALL = new MeterGroup();

    public static final MeterSpec PROMPT = ALL.gauge("promptgate.evaluator.prompt",
            "always 1; the tag says which prompt this evaluator keeps", "prompt_name");
    public static final MeterSpec ACCURACY = ALL.gauge("promptgate.evaluator.accuracy",
            "accuracy of the live, candidate or hand-written prompt: seen, unseen, harmonic mean or joint; a fraction", "prompt",
            "protocol");
    public static final MeterSpec CALIBRATION = ALL.gauge("promptgate.evaluator.calibration", "on held-out images of seen classes, of the "
            + "live, candidate or hand-written prompt: calibrated ece and nll, temperature, coverage (share answered at the target error, "
            + "0 if nothing is), and auroc and fpr95 against images of unseen classes", "prompt", "figure");
    public static final MeterSpec PREQUENTIAL = ALL.gauge("promptgate.evaluator.prequential",
            "accuracy on images of classes that the live prompt was not trained on, at their arrival; a fraction", "prompt");
    public static final MeterSpec CONTINUAL = ALL.gauge("promptgate.evaluator.continual", "average accuracy, mean forgetting and "
            + "backward transfer over the waves, of the live prompts and of the hand-written one; fractions", "prompt", "figure");
    public static final MeterSpec WAVES = ALL.gauge("promptgate.evaluator.waves", "waves of newly trained classes rolled out");
    public static final MeterSpec HELD_OUT = ALL.gauge("promptgate.evaluator.held-out", "held-out images that judge");
    public static final MeterSpec PROBE = ALL.gauge("promptgate.evaluator.probe", "probe images that judge");
    public static final MeterSpec SUSPECTED_LABELS = ALL.gauge("promptgate.evaluator.suspected-labels",
            "images that judge whose labels look wrong to the live prompt; NaN before the first measurement");
    public static final MeterSpec VERDICTS = ALL.counter("promptgate.evaluator.verdicts", "final verdicts on candidates", "outcome");
    public static final MeterSpec REFUSALS = ALL.counter("promptgate.evaluator.refusals", "candidates that could not be judged", "reason");
    public static final MeterSpec SKIPPED = ALL.counter("promptgate.evaluator.skipped",
            "feature records passed over: malformed, of another model, or with a label that fits no prompt");
    public static final MeterSpec EVALUATION_TIME = ALL.timer("promptgate.evaluator.evaluation.time", "a comparison of prompts");
    public static final MeterSpec ROLLOUTS = ALL.counter("promptgate.evaluator.rollouts", "prompts rolled out");
    public static final MeterSpec ROLLBACKS = ALL.counter("promptgate.evaluator.rollbacks",
            "live prompts taken back, by the watch or by an operator", "cause");
    public static final MeterSpec REPAIRS = ALL.counter("promptgate.evaluator.repairs",
            "times prompt-rollouts or class-embeddings held what the gate had not rolled out, and was put right");
    public static final MeterSpec COMMANDS = ALL.counter("promptgate.evaluator.commands", "operators' commands", "answer");
    public static final MeterSpec WATCH = ALL.gauge("promptgate.evaluator.watch",
            "evidence that the live prompt regresses, as a part of what rolls it back; negative speaks against it", "classes");
    public static final MeterSpec PAUSED = ALL.gauge("promptgate.evaluator.paused", "1 while the gate is paused");
    public static final MeterSpec COOL_DOWN = ALL.gauge("promptgate.evaluator.cool-down",
            "seconds until the cool-down after a rollback is over");
    public static final MeterSpec LIVE_VERSION = ALL.gauge("promptgate.evaluator.live.version",
            "version of the live prompt; 0 is the hand-written one");
    public static final MeterSpec LIVE_CLASSES = ALL.gauge("promptgate.evaluator.live.classes",
            "classes that the live prompt was trained on; 0 for the hand-written one");
    public static final MeterSpec ROLLOUT_AGE = ALL.gauge("promptgate.evaluator.rollout.age",
            "seconds since the live prompt went live; NaN before the first rollout");
    public static final MeterSpec FRESHNESS = ALL.timer("promptgate.evaluator.freshness",
            "from a class's last needed shot to the rollout that contains it");
    public static final MeterSpec PENDING = ALL.gauge("promptgate.evaluator.pending", "candidates that wait for a first verdict");
    public static final MeterSpec INCONCLUSIVE = ALL.gauge("promptgate.evaluator.inconclusive",
            "candidates that were judged and wait for more images");
    public static final MeterSpec INCONCLUSIVE_AGE = ALL.gauge("promptgate.evaluator.inconclusive.age",
            "seconds since the oldest of them was written; 0 if there is none");
    public static final MeterSpec CLOCK_AHEAD = ALL.gauge("promptgate.evaluator.clock.ahead",
            "seconds that this machine's clock is ahead of the broker's, by the newest feature record read as it came; NaN before");
    public static final MeterSpec CLOCK_SET_BACK = ALL.counter("promptgate.evaluator.clock.set-back",
            "times the records' clock was set back by more than an hour");
    public static final MeterSpec RESTORED = ALL.gauge("promptgate.evaluator.restored",
            "part of what was in the topic at the start that is taken in, 0 to 1");
    public static final MeterSpec LAG = ALL.gauge("promptgate.evaluator.lag", "feature and candidate records not yet taken in");

    private final MeterRegistry registry;
    private final Meters meters;
    private final AtomicLong liveSince = new AtomicLong();
    private final AtomicLong inconclusiveSince = new AtomicLong();
    private final AtomicLong coolDownUntil = new AtomicLong();
    private final Set<String> rolledOutClasses = new HashSet<>();

    /** @param prompt the name of the prompt that this evaluator keeps */
    public EvaluatorMeters(MeterRegistry registry, String prompt) {
        this.registry = registry;
        meters = new Meters(registry);
        meters.gauge(PROMPT, () -> 1, prompt);
        List.of(Role.LIVE, Role.CANDIDATE, Role.ZERO_SHOT).forEach(role -> {
            accuracies(role, new Accuracies(NaN, NaN, NaN));
            calibrated(role, Optional.empty());
        });
        prequential(NaN, NaN);
        meters.set(SUSPECTED_LABELS, NaN);
        List.of(Role.LIVE, Role.ZERO_SHOT).forEach(role -> continual(role, new WaveAccuracies.Figures(0, NaN, NaN, NaN)));
        watch(NaN, NaN);
        meters.counters(VERDICTS, Outcome.class);
        meters.counters(REFUSALS, RefusalReason.class);
        List.of(Cause.WATCH, Cause.OPERATOR).forEach(cause -> meters.counter(ROLLBACKS, cause));
        List.of(true, false).forEach(accepted -> meters.counter(COMMANDS, answer(accepted)));
        meters.gauge(ROLLOUT_AGE, () -> secondsSince(liveSince.get(), NaN));
        meters.gauge(INCONCLUSIVE_AGE, () -> secondsSince(inconclusiveSince.get(), 0));
        meters.gauge(COOL_DOWN, () -> Math.max(0, coolDownUntil.get() - System.currentTimeMillis()) / 1000.0);
        meters.register(ALL.all());
        live(0, 0);
    }

    private static double secondsSince(long millis, double never) {
        return millis == 0 ? never : Math.max(0, System.currentTimeMillis() - millis) / 1000.0;
    }

    public MeterRegistry registry() {
        return registry;
    }

    public void count(MeterSpec counter, Object... tags) {
        meters.increment(counter, tags);
    }

    public void compared(Function<Role, Accuracies> comparison, long nanos, Role... prompts) {
        meters.time(EVALUATION_TIME, nanos);
        for (Role prompt : prompts) {
            accuracies(prompt, comparison.apply(prompt));
        }
    }

    public void suspectedLabels(int images) {
        meters.set(SUSPECTED_LABELS, images);
    }

    private void accuracies(Role prompt, Accuracies values) {
        meters.set(ACCURACY, values.seen(), prompt, "seen");
        meters.set(ACCURACY, values.unseen(), prompt, "unseen");
        meters.set(ACCURACY, values.harmonicMean(), prompt, "hm");
        meters.set(ACCURACY, values.joint(), prompt, "joint");
    }

    /** A prompt was calibrated, or there were too few images. */
    public void calibrated(Role prompt, Optional<Calibration> found) {
        calibration(prompt, "ece", found, c -> c.calibrated().ece());
        calibration(prompt, "nll", found, c -> c.calibrated().nll());
        calibration(prompt, "temperature", found, Calibration::temperature);
        calibration(prompt, "coverage", found, c -> c.abstention().coverage());
        calibration(prompt, "auroc", found, c -> c.unseen().auroc());
        calibration(prompt, "fpr95", found, c -> c.unseen().fpr95());
    }

    private void calibration(Role prompt, String figure, Optional<Calibration> found, Function<Calibration, Double> value) {
        meters.set(CALIBRATION, found.map(value).orElse(NaN), prompt, figure);
    }

    /** Prequential accuracies; NaN where unknown. */
    public void prequential(double live, double zeroShot) {
        meters.set(PREQUENTIAL, live, Role.LIVE);
        meters.set(PREQUENTIAL, zeroShot, Role.ZERO_SHOT);
    }

    public void continual(WaveAccuracies.Figures live, WaveAccuracies.Figures zeroShot) {
        meters.set(WAVES, live.waves());
        continual(Role.LIVE, live);
        continual(Role.ZERO_SHOT, zeroShot);
    }

    private void continual(Role prompts, WaveAccuracies.Figures figures) {
        meters.set(CONTINUAL, figures.averageAccuracy(), prompts, "average-accuracy");
        meters.set(CONTINUAL, figures.meanForgetting(), prompts, "mean-forgetting");
        meters.set(CONTINUAL, figures.backwardTransfer(), prompts, "backward-transfer");
    }

    /** What is live, and since when; 0 for never. */
    public void live(long version, long sinceMillis) {
        meters.set(LIVE_VERSION, version);
        liveSince.set(sinceMillis);
    }

    /** A prompt was rolled out; classes that no rollout contained before are measured for freshness. */
    public void rolledOut(PromptMetadata about, long nowMillis) {
        meters.increment(ROLLOUTS);
        live(about.version(), nowMillis);
        about.readyAt().forEach((name, ready) -> {
            if (rolledOutClasses.add(name)) {
                meters.timer(FRESHNESS).record(Math.max(0, nowMillis - ready), TimeUnit.MILLISECONDS);
            }
        });
    }

    /** Classes that earlier runs rolled out. */
    public void knownClasses(Collection<String> classes) {
        rolledOutClasses.addAll(classes);
    }

    public void command(boolean accepted) {
        meters.increment(COMMANDS, answer(accepted));
    }

    private static String answer(boolean accepted) {
        return accepted ? "accepted" : "refused";
    }

    /** The watch's evidence as a part of what an alarm needs. */
    public void watch(double seen, double unseen) {
        meters.set(WATCH, seen, "seen");
        meters.set(WATCH, unseen, "unseen");
    }

    public void brake(boolean paused, long coolDownUntilMillis) {
        meters.set(PAUSED, paused ? 1 : 0);
        coolDownUntil.set(coolDownUntilMillis);
    }

    public void liveClasses(int trained) {
        meters.set(LIVE_CLASSES, trained);
    }

    /** Candidates without a final verdict; the oldest unclear one was written at {@code unclearSince}, epoch milliseconds, 0 for none. */
    public void waiting(int unjudged, int unclear, long unclearSince) {
        meters.set(PENDING, unjudged);
        meters.set(INCONCLUSIVE, unclear);
        inconclusiveSince.set(unclearSince);
    }

    public void images(int heldOut, int probe) {
        meters.set(HELD_OUT, heldOut);
        meters.set(PROBE, probe);
    }

    public void clockAhead(double seconds) {
        meters.set(CLOCK_AHEAD, seconds);
    }

    public void reading(double restored, long unread) {
        meters.set(RESTORED, restored);
        meters.set(LAG, unread);
    }
}
