package dev.promptgate.learning.method;

import static dev.promptgate.learning.method.Hyperparameter.*;

import dev.promptgate.learning.loss.MethodLoss;
import dev.promptgate.learning.step.FriendlySharpnessAware;
import dev.promptgate.learning.step.GradientConstraint;
import dev.promptgate.learning.step.GradientMatching;
import dev.promptgate.learning.step.GradientMix;
import dev.promptgate.learning.step.PlainGradient;
import dev.promptgate.learning.step.ProjectedGradient;
import dev.promptgate.learning.step.PromptSharpnessAware;
import dev.promptgate.learning.step.SharpnessAware;
import dev.promptgate.learning.step.StepRule;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * The catalogue of methods that learn one context for all images: how a step finds its direction, what it descends, and which
 * hyperparameters the two have. The learner and the comparison draw from it, so what is compared under a name is what learns under it.
 */
public enum ContextMethod {
    COOP("CoOp", "arXiv 2109.01134", List.of(), values -> new PlainGradient()), KGCOOP("KgCoOp", "arXiv 2303.13283; code: htyao89/KgCoOp",
            List.of(KGCOOP_WEIGHT), values -> new PlainGradient(),
            values -> MethodLoss.knowledgeGuided(values.get(KGCOOP_WEIGHT))), PROGRAD("ProGrad",
                    "arXiv 2205.14865; code: BeierZhu/Prompt-align", List.of(PROGRAD_LAMBDA, PROGRAD_TEMPERATURE),
                    values -> new PlainGradient(),
                    values -> MethodLoss.promptAligned(values.get(PROGRAD_LAMBDA), values.get(PROGRAD_TEMPERATURE))), SCOOP("SCoOp",
                            "arXiv 2010.01412 on the context", List.of(RHO), values -> new SharpnessAware(values.get(RHO))), GCSCOOP(
                                    "GCSCoOp", "arXiv 2309.07866", List.of(RHO, LOWER_BOUND, UPPER_BOUND),
                                    values -> new GradientConstraint(values.get(RHO), values.get(LOWER_BOUND),
                                            values.get(UPPER_BOUND))), GCSCOOP_RHO0("GCSCoOp without perturbation",
                                                    "control of arXiv 2309.07866", List.of(NO_RHO, LOWER_BOUND, UPPER_BOUND),
                                                    values -> new GradientConstraint(0, values.get(LOWER_BOUND),
                                                            values.get(UPPER_BOUND))), PROJECTION("Projection only",
                                                                    "control of arXiv 2309.07866", List.of(RHO),
                                                                    values -> new ProjectedGradient(values.get(RHO))), ALPHA_MIX(
                                                                            "Mix of both gradients", "control of arXiv 2309.07866",
                                                                            List.of(RHO, ALPHA_MIX_ALPHA),
                                                                            values -> new GradientMix(values.get(RHO),
                                                                                    values.get(ALPHA_MIX_ALPHA))), SAGM("CoOp + SAGM",
                                                                                            "arXiv 2303.10353; code: Wang-pengfei/SAGM; values also arXiv 2607.05727, table 5",
                                                                                            List.of(SAGM_RHO, SAGM_ALPHA),
                                                                                            values -> new GradientMatching(
                                                                                                    values.get(SAGM_RHO),
                                                                                                    values.get(SAGM_ALPHA))), F_SAM(
                                                                                                            "CoOp + F-SAM",
                                                                                                            "arXiv 2403.12350; code: nblt/F-SAM; ρ and λ on CoOp: arXiv 2607.05727, table 5",
                                                                                                            List.of(F_SAM_RHO, F_SAM_SIGMA,
                                                                                                                    F_SAM_LAMBDA),
                                                                                                            values -> new FriendlySharpnessAware(
                                                                                                                    values.get(F_SAM_RHO),
                                                                                                                    values.get(F_SAM_SIGMA),
                                                                                                                    values.get(
                                                                                                                            F_SAM_LAMBDA))), SAMPLE(
                                                                                                                                    "CoOp + SAMPLe",
                                                                                                                                    "arXiv 2607.05727, table 5",
                                                                                                                                    List.of(SAMPLE_RHO,
                                                                                                                                            SAMPLE_ALPHA,
                                                                                                                                            SAMPLE_LAMBDA),
                                                                                                                                    values -> new PromptSharpnessAware(
                                                                                                                                            values.get(
                                                                                                                                                    SAMPLE_RHO),
                                                                                                                                            values.get(
                                                                                                                                                    SAMPLE_ALPHA),
                                                                                                                                            values.get(
                                                                                                                                                    SAMPLE_LAMBDA)));

    private final String title;
    private final String source;
    private final List<Hyperparameter> hyperparameters;
    private final Function<MethodSettings, StepRule> rule;
    private final Function<MethodSettings, MethodLoss> loss;

    ContextMethod(String title, String source, List<Hyperparameter> hyperparameters, Function<MethodSettings, StepRule> rule) {
        this(title, source, hyperparameters, rule, values -> MethodLoss.crossEntropy());
    }

    ContextMethod(String title, String source, List<Hyperparameter> hyperparameters, Function<MethodSettings, StepRule> rule,
            Function<MethodSettings, MethodLoss> loss) {
        this.title = title;
        this.source = source;
        this.hyperparameters = hyperparameters;
        this.rule = rule;
        this.loss = loss;
    }

    /** As settings and command line name it, e.g. {@code alpha-mix}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** As reports name it. */
    public String title() {
        return title;
    }

    /** The paper, and where its defaults stand. */
    public String source() {
        return source;
    }

    /** What it depends on, in the order of its paper. */
    public List<Hyperparameter> hyperparameters() {
        return hyperparameters;
    }

    StepRule rule(MethodSettings values) {
        return rule.apply(values);
    }

    MethodLoss loss(MethodSettings values) {
        return loss.apply(values);
    }
}
