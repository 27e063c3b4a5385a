package dev.promptgate.learning.method;

import static dev.promptgate.learning.method.Hyperparameter.*;

import dev.promptgate.learning.loss.MethodLoss;
import dev.promptgate.learning.step.GradientConstraint;
import dev.promptgate.learning.step.StepRule;
import dev.promptgate.learning.step.StepRules;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The catalogue of methods that learn one context for all images: how a step finds its direction, what it descends, and which
 * hyperparameters the two have. The learner and the comparison draw from it, so what is compared under a name is what learns under it.
 */
public enum ContextMethod {
    COOP("CoOp", "arXiv 2109.01134", List.of(), v -> StepRules.plainGradient()),
    KGCOOP("KgCoOp", "arXiv 2303.13283; code: htyao89/KgCoOp",
            List.of(KGCOOP_WEIGHT), v -> StepRules.plainGradient(),
            v -> MethodLoss.knowledgeGuided(v.labelLoss(), v.get(KGCOOP_WEIGHT))),
    PROGRAD("ProGrad", "arXiv 2205.14865; code: BeierZhu/Prompt-align",
            List.of(PROGRAD_LAMBDA, PROGRAD_TEMPERATURE),
            v -> StepRules.plainGradient(),
            v -> MethodLoss.promptAligned(v.labelLoss(), v.get(PROGRAD_LAMBDA), v.get(PROGRAD_TEMPERATURE))),
    SCOOP("SCoOp",
            "arXiv 2010.01412 on the context", List.of(RHO), v -> StepRules.sharpnessAware(v.get(RHO))),
    GCSCOOP("GCSCoOp",
            "arXiv 2309.07866", List.of(RHO, LOWER_BOUND, UPPER_BOUND),
            v -> new GradientConstraint(v.get(RHO), v.get(LOWER_BOUND), v.get(UPPER_BOUND))),
    /** A control: both gradients are the same, so that it is CoOp at twice the price. */
    GCSCOOP_RHO0("GCSCoOp without perturbation", "control of arXiv 2309.07866", List.of(NO_RHO, LOWER_BOUND, UPPER_BOUND),
            v -> new GradientConstraint(v.get(NO_RHO), v.get(LOWER_BOUND), v.get(UPPER_BOUND))),
    PROJECTION("Projection only",
            "control of arXiv 2309.07866", List.of(RHO), v -> StepRules.projection(v.get(RHO))),
    ALPHA_MIX("Mix of both gradients",
            "control of arXiv 2309.07866", List.of(RHO, ALPHA_MIX_ALPHA),
            v -> StepRules.mix(v.get(RHO), v.get(ALPHA_MIX_ALPHA))),
    SAGM("CoOp + SAGM",
            "arXiv 2303.10353; code: Wang-pengfei/SAGM; values also arXiv 2607.05727, table 5",
            List.of(SAGM_RHO, SAGM_ALPHA),
            v -> StepRules.gradientMatching(v.get(SAGM_RHO), v.get(SAGM_ALPHA))),
    F_SAM("CoOp + F-SAM",
            "arXiv 2403.12350; code: nblt/F-SAM; ρ and λ on CoOp: arXiv 2607.05727, table 5",
            List.of(F_SAM_RHO, F_SAM_SIGMA, F_SAM_LAMBDA),
            v -> StepRules.friendlySharpnessAware(v.get(F_SAM_RHO), v.get(F_SAM_SIGMA),
                    v.get(F_SAM_LAMBDA))),
    SAMPLE("CoOp + SAMPLe", "arXiv 2607.05727, table 5",
            List.of(SAMPLE_RHO, SAMPLE_ALPHA, SAMPLE_LAMBDA),
            v -> StepRules.promptSharpnessAware(v.get(SAMPLE_RHO), v.get(SAMPLE_ALPHA),
                    v.get(SAMPLE_LAMBDA)));

    private final String title;
    private final String source;
    private final List<Hyperparameter> hyperparameters;
    private final List<Hyperparameter> common;
    private final Function<MethodSettings, StepRule> rule;
    private final Function<MethodSettings, MethodLoss> loss;

    ContextMethod(String title, String source, List<Hyperparameter> hyperparameters, Function<MethodSettings, StepRule> rule) {
        this.title = title;
        this.source = source;
        this.hyperparameters = hyperparameters;
        this.common = List.of(KNOWLEDGE_WEIGHT, CLASSES_PER_STEP);
        this.rule = rule;
        this.loss = values -> MethodLoss.knowledgeGuided(values.labelLoss(), values.knowledgeWeight());
    }

    ContextMethod(String title, String source, List<Hyperparameter> hyperparameters, Function<MethodSettings, StepRule> rule,
            Function<MethodSettings, MethodLoss> loss) {
        this.title = title;
        this.source = source;
        this.hyperparameters = hyperparameters;
        this.common = List.of(CLASSES_PER_STEP);
        this.rule = rule;
        this.loss = loss;
    }

    /** As settings and command line name it, e.g. {@code alpha-mix}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public String title() {
        return title;
    }

    /** The paper, and where its defaults stand. */
    public String source() {
        return source;
    }

    /** The method's own, in the order of its paper. */
    public List<Hyperparameter> hyperparameters() {
        return hyperparameters;
    }

    /** These, and those of its kind of loss. */
    public List<Hyperparameter> allHyperparameters() {
        return Stream.concat(hyperparameters.stream(), common.stream()).toList();
    }

    StepRule rule(MethodSettings values) {
        return rule.apply(values);
    }

    MethodLoss loss(MethodSettings values) {
        return loss.apply(values);
    }
}
