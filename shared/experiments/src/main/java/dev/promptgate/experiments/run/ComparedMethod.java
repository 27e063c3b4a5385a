package dev.promptgate.experiments.run;

import dev.promptgate.experiments.method.ContextLearner;
import dev.promptgate.experiments.method.FewShotLearner;
import dev.promptgate.experiments.method.PromptEnsemble;
import dev.promptgate.experiments.method.TrainingSettings;
import dev.promptgate.experiments.method.cache.TipAdapter;
import dev.promptgate.experiments.method.cocoop.CoCoOpLearner;
import dev.promptgate.experiments.method.gaussian.GdaClip;
import dev.promptgate.experiments.method.probe.LinearProbe;
import dev.promptgate.experiments.method.ridge.Rail;
import dev.promptgate.learning.loss.LabelLoss;
import dev.promptgate.learning.method.ContextMethod;
import dev.promptgate.learning.method.MethodSettings;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.LevenshteinDistance;

/**
 * One method of the comparison, by its name on the command line and its title in reports.
 *
 * @param settings its hyperparameters, with their values, as in the table of defaults
 * @param source the paper, and where its defaults stand
 * @param schedule the paper's own; null for a method that does not train by steps
 * @param labelNoise the share of training images that get wrong labels
 */
public record ComparedMethod(String name, String title, String settings, String source, TrainingSettings schedule,
        FewShotLearner learner, double labelNoise) {
    private static final int NEAREST = 3;
    private static final String SEARCHED = "searched on held-out shots (with a single shot a class:";

    public ComparedMethod(String name, String title, String settings, String source, TrainingSettings schedule, FewShotLearner learner) {
        this(name, title, settings, source, schedule, learner, 0);
    }

    /** All methods: the catalogue's, each with its paper's defaults, and those that do not learn one context for all images. */
    public static List<ComparedMethod> all() {
        List<ComparedMethod> all = new ArrayList<>(List.of(
                new ComparedMethod("zero-shot", "Zero-shot CLIP", "–", "arXiv 2103.00020", null, FewShotLearner.ZERO_SHOT),
                new ComparedMethod("ensemble", "Zero-shot CLIP, prompt ensemble",
                        PromptEnsemble.TEMPLATES.size() + " of CLIP's 80 templates",
                        "arXiv 2103.00020, section 3.1.4; code: openai/CLIP", null, new PromptEnsemble())));
        for (ContextMethod method : ContextMethod.values()) {
            MethodSettings settings = MethodSettings.defaults(method);
            all.add(new ComparedMethod(method.key(), method.title(), settings.describe(), method.source(), published(method),
                    new ContextLearner(settings)));
        }
        all.addAll(onImageFeatures());
        all.add(3, new ComparedMethod("cocoop", "CoCoOp", "meta-net dim → dim/16 → width", "arXiv 2203.05557; code: KaiyangZhou/CoOp",
                CoCoOpLearner.SCHEDULE, CoCoOpLearner.published())); // after CoOp
        return all;
    }

    /** What few shots can be used for without a learned prompt. */
    private static List<ComparedMethod> onImageFeatures() {
        return List.of(
                new ComparedMethod("linear-probe", "Linear probe, seen classes",
                        "logistic regression by L-BFGS, up to 1,000 iterations; C in 1e-7 … 1e7 by CoOp's search, " + SEARCHED + " 0.316); "
                                + "a class without shots is never answered, its images count as wrong",
                        "arXiv 2103.00020, appendix A.3; code: KaiyangZhou/CoOp, lpclip", null, new LinearProbe()),
                new ComparedMethod("tip-adapter", "Tip-Adapter", "α in 0.1 … 3, β in 0.1 … 7, " + SEARCHED + " 1.17 and 1)",
                        "arXiv 2111.03930; code: gaopengcuhk/Tip-Adapter", null, new TipAdapter(Optional.empty())),
                new ComparedMethod("tip-adapter-f", "Tip-Adapter-F", "the same; keys by AdamW at α 1.17, β 1, the last epoch",
                        "arXiv 2111.03930; code: gaopengcuhk/Tip-Adapter", TipAdapter.SCHEDULE,
                        new TipAdapter(Optional.of(TipAdapter.SCHEDULE))),
                new ComparedMethod("gda-clip", "GDA-CLIP", "α in 1e-4 … 100, " + SEARCHED + " 0.1); new classes by 64 "
                        + "neighbours, told apart from base ones in joint, which the paper does not",
                        "arXiv 2402.04087; code: mrflogs/ICLR24", null, new GdaClip()),
                new ComparedMethod("rail", "RAIL, dual", "λ = 0.001, γ = 0.1, fusion 0.8",
                        "arXiv 2406.18868; code: linghan1997/Regression-based-Analytic-Incremental-Learning", null, new Rail()));
    }

    private static TrainingSettings published(ContextMethod method) {
        return switch (method) {
            case COOP, SAGM, F_SAM, SAMPLE -> TrainingSettings.of(50, 32);
            case KGCOOP -> TrainingSettings.of(100, 128);
            case PROGRAD -> TrainingSettings.of(100, 32); // of its base-to-new script; few-shot runs take 50 to 200 epochs, by the shots
            case SCOOP, GCSCOOP, GCSCOOP_RHO0, PROJECTION, ALPHA_MIX -> TrainingSettings.of(200, 128);
        };
    }

    /** The same by another loss; a method that does not learn one context is as it was. */
    ComparedMethod by(LabelLoss loss) {
        if (!(learner instanceof ContextLearner context) || loss == LabelLoss.CROSS_ENTROPY) {
            return this;
        }
        MethodSettings other = new MethodSettings(context.method().method(), context.method().values(), loss);
        return new ComparedMethod(name + "-" + loss.key(), title + ", " + loss.key(), other.describe(), source, schedule,
                new ContextLearner(other), labelNoise);
    }

    /** The same trained on so many wrong labels. */
    ComparedMethod with(double noise) {
        return noise == 0 ? this : new ComparedMethod("%s-noise-%s".formatted(name, noise), "%s, %s%% wrong labels".formatted(title,
                new BigDecimal(noise * 100).stripTrailingZeros().toPlainString()), settings + ", label noise " + noise, source, schedule,
                learner, noise);
    }

    /** @throws IllegalArgumentException that says which names come nearest, if there is no method of this one */
    public static ComparedMethod named(String name) {
        return all().stream().filter(method -> method.name().equals(name)).findFirst().orElseThrow(() -> new IllegalArgumentException(
                "There is no such method; the nearest are %s [name: %s]".formatted(nearest(name.toLowerCase(Locale.ROOT)), name)));
    }

    private static String nearest(String name) {
        return all().stream().map(ComparedMethod::name)
                .sorted(Comparator.comparing(known -> LevenshteinDistance.getDefaultInstance().apply(name, known)))
                .limit(NEAREST).collect(Collectors.joining(", "));
    }

    /** In Markdown: every method with its defaults and their source. */
    public static String table() {
        return all().stream().map(method -> "| `%s` | %s | %s | %s | %s |\n".formatted(method.name(), method.title(), method.settings(),
                described(method.schedule()), method.source()))
                .collect(Collectors.joining("",
                        "| name | method | hyperparameters | the paper's schedule | source |\n| --- | --- | --- | --- | --- |\n", ""));
    }

    private static String described(TrainingSettings schedule) {
        return schedule == null ? "–"
                : "%d epochs, batch %d, learning rate %s".formatted(schedule.epochs(), schedule.batch(), schedule.learningRate());
    }
}
