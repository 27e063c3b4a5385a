package dev.promptgate.learning.method;

import java.util.Locale;

/** A number that one or several methods depend on, with its paper's default. */
public enum Hyperparameter {
    /** Default: of the authors' configuration of GCSCoOp, as the two bounds'. */
    RHO("ρ", 0.1, "ρ, radius of the perturbation (scoop, gcscoop, projection, alpha-mix)"),
    LOWER_BOUND("β1", 0.5,
            "β1: at or below this cosine the plain gradient is taken; at or below zero never (gcscoop, gcscoop-rho0)"),
    UPPER_BOUND("β2",
            0.8, "β2: from this cosine on the sharpness-aware gradient is taken (gcscoop, gcscoop-rho0)"),
    /** Of the control gcscoop-rho0: always zero. */
    NO_RHO("ρ", 0, ""),
    /** Default: of the paper and the authors' code. */
    KGCOOP_WEIGHT("w", 8, "kgcoop: w, weight of the distance from the hand-written prompt's text features"),
    /** Default: of the authors' code, which has 0.8 for 8 and 16 shots of three data sets. */
    PROGRAD_LAMBDA("λ", 1, "prograd: λ, share of the conflicting part of the gradient that is taken off"),
    /** Default: of the authors' code. */
    PROGRAD_TEMPERATURE("T", 1, "prograd: temperature of the predictions that are held together"),
    /** Default: of no paper; half and half. */
    ALPHA_MIX_ALPHA("α", 0.5, "alpha-mix: α, share of the sharpness-aware gradient"),
    /** Default: of the authors' code, and of CoOp with SAGM in arXiv 2607.05727, table 5. */
    SAGM_RHO("ρ", 0.05, "sagm: ρ, radius of the perturbation"),
    /** Default: of the authors' code, and of CoOp with SAGM in arXiv 2607.05727, table 5. */
    SAGM_ALPHA("α", 0.001, "sagm: α, step back, in units of the gradient"),
    /** Default: of CoOp with F-SAM in arXiv 2607.05727, table 5; the authors' own, for ResNets on CIFAR-100: 0.2. */
    F_SAM_RHO("ρ", 0.05, "f-sam: ρ, radius of the perturbation"),
    /** Default: of the authors' code. */
    F_SAM_SIGMA("σ", 1, "f-sam: σ, share of the average gradient that the perturbation leaves out"),
    /** Default: of CoOp with F-SAM in arXiv 2607.05727, table 5; the authors' own, for ResNets on CIFAR-100: 0.6. */
    F_SAM_LAMBDA("λ", 0.15, "f-sam: λ, weight of the past in the average gradient"),
    /** Default: of table 5 of its paper, as the other two. */
    SAMPLE_RHO("ρ", 0.05, "sample: ρ, radius of the perturbation"),
    /** In units of the gradient's part that is the batch's own. */
    SAMPLE_ALPHA("α", 0.0015, "sample: α, step back, in units of the gradient"),
    /** Of a moving average that starts at zero. */
    SAMPLE_LAMBDA("λ", 0.15, "sample: λ, weight of the past in the average gradient"),
    /** Of every method whose loss is of the labels alone: KgCoOp's loss with any method's step. */
    KNOWLEDGE_WEIGHT("w", 0, "of every method but kgcoop and prograd: weight of kgcoop's distance in its loss; 0 for none"),
    /** Of every method, by its loss; a whole number. */
    CLASSES_PER_STEP("classes per step", 0, "most classes that a step tells apart: those of its batch, and others drawn anew each time "
            + "(sampled softmax, an approximation); more than learner.batch, or 0 for all");

    private final String symbol;
    private final double defaultValue;
    private final String description;

    Hyperparameter(String symbol, double defaultValue, String description) {
        this.symbol = symbol;
        this.defaultValue = defaultValue;
        this.description = description;
    }

    /** As settings are named, e.g. {@code lower-bound}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public String symbol() {
        return symbol;
    }

    public double defaultValue() {
        return defaultValue;
    }

    public String description() {
        return description;
    }

    /** Whether zero leaves it out. */
    boolean isOffAtZero() {
        return this == KNOWLEDGE_WEIGHT || this == CLASSES_PER_STEP;
    }

    /** Whether it is there to be set. */
    public boolean isSetting() {
        return this != NO_RHO;
    }
}
