package dev.promptgate.experiments.method;

import dev.promptgate.experiments.method.cocoop.CoCoOpLearner;
import dev.promptgate.learning.optimiser.FriendlySharpnessAware;
import dev.promptgate.learning.optimiser.GradientConstraint;
import dev.promptgate.learning.optimiser.GradientMatching;
import dev.promptgate.learning.optimiser.GradientMix;
import dev.promptgate.learning.optimiser.OptimiserSettings;
import dev.promptgate.learning.optimiser.PlainGradient;
import dev.promptgate.learning.optimiser.ProjectedGradient;
import dev.promptgate.learning.optimiser.PromptSharpnessAware;
import dev.promptgate.learning.optimiser.SharpnessAware;
import dev.promptgate.learning.optimiser.StepRule;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** All methods, each with its paper's defaults. */
public final class Methods {
    private static final TrainingSettings COOP = schedule(50, 32);
    private static final TrainingSettings KGCOOP = schedule(100, 128);
    /** Of its base-to-new script; its few-shot runs take 50, 100 or 200 epochs, by the shots. */
    private static final TrainingSettings PROGRAD = schedule(100, 32);
    private static final TrainingSettings GCSCOOP = schedule(200, 128);
    private static final double RHO = OptimiserSettings.DEFAULT_RHO;
    private static final int NEAREST = 3;

    private Methods() {}

    public static List<Method> all() {
        return List.of(
                new Method("zero-shot", "Zero-shot CLIP", "–", "arXiv 2103.00020", null, new ZeroShot()),
                new Method("ensemble", "Zero-shot CLIP, prompt ensemble",
                        PromptTemplates.BEFORE_THE_NAME.size() + " of CLIP's 80 templates",
                        "arXiv 2103.00020, section 3.1.4; code: openai/CLIP", null, new PromptEnsemble()),
                new Method("coop", "CoOp", "–", "arXiv 2109.01134", COOP, context(PlainGradient::new)),
                new Method("cocoop", "CoCoOp", "meta-net dim → dim/16 → width", "arXiv 2203.05557; code: KaiyangZhou/CoOp",
                        CoCoOpLearner.SCHEDULE, CoCoOpLearner.published()),
                new Method("kgcoop", "KgCoOp", values("w = %s", KgCoOp.DEFAULT_WEIGHT), "arXiv 2303.13283; code: htyao89/KgCoOp", KGCOOP,
                        new ContextLearner(PlainGradient::new, new KgCoOp(KgCoOp.DEFAULT_WEIGHT))),
                new Method("prograd", "ProGrad", values("λ = %s, T = %s", ProGrad.DEFAULT_LAMBDA, ProGrad.DEFAULT_TEMPERATURE),
                        "arXiv 2205.14865; code: BeierZhu/Prompt-align", PROGRAD,
                        new ContextLearner(PlainGradient::new, new ProGrad(ProGrad.DEFAULT_LAMBDA, ProGrad.DEFAULT_TEMPERATURE))),
                new Method("scoop", "SCoOp", values("ρ = %s", RHO), "arXiv 2010.01412 on the context", GCSCOOP,
                        context(() -> new SharpnessAware(RHO))),
                constrained("gcscoop", "GCSCoOp", RHO, "arXiv 2309.07866"),
                constrained("gcscoop-rho0", "GCSCoOp without perturbation", 0, "control of arXiv 2309.07866"),
                new Method("projection", "Projection only", values("ρ = %s", RHO), "control of arXiv 2309.07866", GCSCOOP,
                        context(() -> new ProjectedGradient(RHO))),
                new Method("alpha-mix", "Mix of both gradients", values("ρ = %s, α = %s", RHO, GradientMix.DEFAULT_ALPHA),
                        "control of arXiv 2309.07866",
                        GCSCOOP, context(() -> new GradientMix(RHO, GradientMix.DEFAULT_ALPHA))),
                new Method("sagm", "CoOp + SAGM", values("ρ = %s, α = %s", GradientMatching.DEFAULT_RHO, GradientMatching.DEFAULT_ALPHA),
                        "arXiv 2303.10353; code: Wang-pengfei/SAGM; values also arXiv 2607.05727, table 5", COOP,
                        context(() -> new GradientMatching(GradientMatching.DEFAULT_RHO, GradientMatching.DEFAULT_ALPHA))),
                new Method("f-sam", "CoOp + F-SAM", values("ρ = %s, σ = %s, λ = %s", FriendlySharpnessAware.DEFAULT_RHO,
                        FriendlySharpnessAware.DEFAULT_SIGMA, FriendlySharpnessAware.DEFAULT_LAMBDA),
                        "arXiv 2403.12350; code: nblt/F-SAM; ρ and λ on CoOp: arXiv 2607.05727, table 5", COOP,
                        context(() -> new FriendlySharpnessAware(FriendlySharpnessAware.DEFAULT_RHO, FriendlySharpnessAware.DEFAULT_SIGMA,
                                FriendlySharpnessAware.DEFAULT_LAMBDA))),
                new Method("sample", "CoOp + SAMPLe", values("ρ = %s, α = %s, λ = %s", PromptSharpnessAware.DEFAULT_RHO,
                        PromptSharpnessAware.DEFAULT_ALPHA, PromptSharpnessAware.DEFAULT_LAMBDA), "arXiv 2607.05727, table 5", COOP,
                        context(() -> new PromptSharpnessAware(PromptSharpnessAware.DEFAULT_RHO, PromptSharpnessAware.DEFAULT_ALPHA,
                                PromptSharpnessAware.DEFAULT_LAMBDA))));
    }

    /** @throws IllegalArgumentException that says which names come nearest, if there is no method of this one */
    public static Method named(String name) {
        return all().stream().filter(method -> method.name().equals(name)).findFirst().orElseThrow(() -> new IllegalArgumentException(
                "There is no such method; the nearest are %s [name: %s]".formatted(nearest(name.toLowerCase(Locale.ROOT)), name)));
    }

    public static String table() {
        return all().stream().map(method -> "| `%s` | %s | %s | %s | %s |\n".formatted(method.name(), method.title(), method.settings(),
                described(method.schedule()), method.source()))
                .collect(Collectors.joining("",
                        "| name | method | hyperparameters | the paper's schedule | source |\n| --- | --- | --- | --- | --- |\n", ""));
    }

    private static String nearest(String name) {
        return all().stream().map(Method::name)
                .sorted(Comparator.comparing(known -> LevenshteinDistance.getDefaultInstance().apply(name, known)))
                .limit(NEAREST).collect(Collectors.joining(", "));
    }

    private static String described(TrainingSettings schedule) {
        return schedule == null ? "–"
                : "%d epochs, batch %d, learning rate %s".formatted(schedule.epochs(), schedule.batch(), schedule.learningRate());
    }

    private static Method constrained(String name, String title, double rho, String source) {
        double lower = OptimiserSettings.DEFAULT_LOWER_BOUND;
        double upper = OptimiserSettings.DEFAULT_UPPER_BOUND;
        return new Method(name, title, values("ρ = %s, β1 = %s, β2 = %s", rho, lower, upper), source, GCSCOOP,
                context(() -> new GradientConstraint(rho, lower, upper)));
    }

    /** Whole numbers without a fraction. */
    private static String values(String format, double... values) {
        return format.formatted(DoubleStream.of(values)
                .mapToObj(value -> value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value)).toArray());
    }

    private static ContextLearner context(Supplier<StepRule> rule) {
        return new ContextLearner(rule, LossFactory.crossEntropy());
    }

    /** They share the rest: CoOp's, with one epoch of warm-up. */
    private static TrainingSettings schedule(int epochs, int batch) {
        return new TrainingSettings(epochs, batch, OptimiserSettings.DEFAULT_LEARNING_RATE, 1, OptimiserSettings.DEFAULT_MOMENTUM,
                OptimiserSettings.DEFAULT_WEIGHT_DECAY);
    }
}
