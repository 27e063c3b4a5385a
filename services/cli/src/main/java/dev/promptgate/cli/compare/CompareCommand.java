package dev.promptgate.cli.compare;

import dev.promptgate.cli.command.Computation;
import dev.promptgate.cli.command.PromptgateCommand;
import dev.promptgate.cli.command.SummaryOption;
import dev.promptgate.cli.model.ModelOptions;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.experiments.data.DataException;
import dev.promptgate.experiments.data.ImageSet;
import dev.promptgate.experiments.features.FeatureSet;
import dev.promptgate.experiments.features.Shots;
import dev.promptgate.experiments.method.TrainingSettings;
import dev.promptgate.experiments.protocol.FewShot;
import dev.promptgate.experiments.protocol.Protocol;
import dev.promptgate.experiments.report.ReportFolder;
import dev.promptgate.experiments.report.Summary;
import dev.promptgate.experiments.run.ComparedMethod;
import dev.promptgate.experiments.run.DigestFolder;
import dev.promptgate.experiments.run.HyperparameterGrid;
import dev.promptgate.experiments.run.MethodComparison;
import dev.promptgate.experiments.run.Plan;
import dev.promptgate.experiments.run.Robustness;
import dev.promptgate.experiments.run.StepCosts;
import dev.promptgate.experiments.run.Survey;
import dev.promptgate.learning.continual.LearningSettings;
import dev.promptgate.service.settings.ModelSettings;
import dev.promptgate.service.settings.SettingsValues;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "compare", mixinStandardHelpOptions = true, description = "Compares methods of prompt learning on your images, with "
        + "each other and with classifiers on image features: trains each on the same features with the same shots and seeds, tests by "
        + "one protocol, and writes a report with plots.", footer = {
                "",
                "DATA is a folder with a folder per class (or train/ and test/ with one each), a manifest with the columns file, label and "
                        + "split, or a CoOp split file (split_zhou_*.json).",
                "Images are encoded once; finished runs are kept under the output folder and not done again, so an interrupted comparison "
                        + "goes on where it was.",
                "", "Examples:", "  promptgate compare",
                "  promptgate compare --data photos/ --methods coop,scoop,gcscoop --seeds 1,2,3,4,5",
                "  promptgate compare --methods coop,gcscoop --vary rho=0.05,0.1,0.3,1 --vary lower-bound=0,0.5",
                "  promptgate compare --protocol few-shot --data caltech-101/split_zhou_Caltech101.json",
                "  promptgate compare --protocol cross-dataset --data photos/ --target other/ --landscape",
                "", "Exit code 1 if a run failed; the report then says which and why."})
public final class CompareCommand extends PromptgateCommand implements Computation {
    @Mixin
    private ModelOptions model;

    @Mixin
    private DataOptions data;

    @Mixin
    private TrainingOptions training;

    @Option(names = "--protocol", defaultValue = "base-to-new", description = "base-to-new, few-shot, cross-dataset, cross-domain or "
            + "class-incremental; default ${DEFAULT-VALUE}")
    private String protocol;

    @Option(names = "--methods", split = ",", paramLabel = "NAME", description = "default: all; --list-methods tells them")
    private List<String> methods;

    @Option(names = "--vary", paramLabel = "NAME=V,V", description = "compares every method that has the hyperparameter at each of these "
            + "values, e.g. rho=0.05,0.1,0.3; names as in the settings learner.rho, learner.classes-per-step, ...; repeat for a grid")
    private List<String> vary = new ArrayList<>();

    @Option(names = "--loss", split = ",", paramLabel = "NAME", defaultValue = "cross-entropy", description = "of methods that learn one "
            + "context: cross-entropy, generalised-cross-entropy, mae; several are compared, coop by mae as coop-mae; default "
            + "${DEFAULT-VALUE}")
    private List<String> losses;

    @Option(names = "--label-noise", split = ",", paramLabel = "SHARE", defaultValue = "0", description = "of training images that get "
            + "the label of another class, drawn from the seed, e.g. 0,0.125,0.25,0.5; each method is compared at each, coop as "
            + "coop-noise-0.25; default none")
    private List<Double> labelNoise;

    @Option(names = "--reference", defaultValue = "coop", description = "the method that differences are against; default ${DEFAULT-VALUE}")
    private String reference;

    @Option(names = "--landscape", description = "also measures the loss around each solution: sharpness, curvature, a map; takes a while")
    private boolean landscape;

    @Option(names = "--output", paramLabel = "DIR", description = "report, plots and finished runs; default compare-PROTOCOL")
    private Path output;

    @Mixin
    private SummaryOption summary;

    @Option(names = "--list-methods", description = "prints every method with its defaults and their source, and does nothing else")
    private boolean list;

    @Override
    public Integer call() throws Exception {
        if (list) {
            out().println(ComparedMethod.table());
            return 0;
        }
        SettingsValues values = common.resolve(Map.of(), model.settings());
        Protocol chosen = Protocol.named(protocol);
        List<ComparedMethod> compared = Robustness.of(losses, labelNoise).over(HyperparameterGrid.of(vary)
                .over(methods == null ? ComparedMethod.all() : methods.stream().map(ComparedMethod::named).toList()));
        ComparedMethod base = compared.stream().filter(method -> method.name().equals(reference)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "--reference must be one of the compared methods [reference: " + reference + "]"));
        ImageSet source = data.source();
        List<ImageSet> targets = data.targets();
        try (ClipModel clip = ModelOptions.load(values)) {
            Path store = ModelSettings.cacheDirectory(values).resolve("features");
            FeatureSet encoded = new CompareProgress(err()).encode(source, clip, store, data.views());
            List<FeatureSet> others = new ArrayList<>();
            for (ImageSet target : targets) {
                others.add(new CompareProgress(err()).encode(target, clip, store, data.views()));
            }
            Protocol.ComparisonSetting setting = new Protocol.ComparisonSetting(clip, encoded, others, training.context, training.waves);
            chosen.check(setting);
            return compare(new Plan(chosen, setting, compared, training.seeds(), training.shots(chosen), training.schedule()), base);
        }
    }

    private int compare(Plan plan, ComparedMethod base) throws IOException {
        Path folder = output == null ? Path.of("compare-" + protocol) : output;
        warnOfFewShots(plan);
        MethodComparison comparison = new MethodComparison(plan, new DigestFolder(folder.resolve("cells"), plan.circumstances()));
        MethodComparison.Results results = new CompareProgress(err()).train(comparison);
        Map<ComparedMethod, Survey.Surroundings> surroundings = landscape
                ? CompareProgress.survey(plan, results, folder.resolve("landscapes")) : Map.of();
        ReportFolder report = new ReportFolder(folder, commandLine(), StepCosts.measure(plan), surroundings);
        summary.write(report.write(new Summary(plan, results), base));
        out().println(folder.resolve("report.md"));
        return results.failed().isEmpty() ? 0 : 1;
    }

    private void warnOfFewShots(Plan plan) {
        int most = plan.shots().get(plan.shots().size() - 1);
        List<String> fewer = Shots.fewer(plan.setting().data(), most);
        if (!fewer.isEmpty()) {
            err().printf("promptgate: %d classes have fewer than %d training images and train on what there is, e.g. %s%n",
                    fewer.size(), most, fewer.get(0));
        }
    }

    private String commandLine() {
        return "promptgate " + String.join(" ", spec.commandLine().getParseResult().originalArgs());
    }

    static final class DataOptions {
        @Option(names = "--data", paramLabel = "DATA", description = "what to train on; default: the bundled sample stream")
        private Path data;

        @Option(names = "--images", paramLabel = "DIR", description = "the images of a CoOp split file, if they are not in the folder "
                + "beside it")
        private Path images;

        @Option(names = "--target", paramLabel = "DATA", description = "what else to test on (cross-dataset, "
                + "cross-domain); repeat for more")
        private List<Path> targets = new ArrayList<>();

        @Option(names = "--views", defaultValue = "0", description = "augmented views of each training image (random crops and flips), "
                + "encoded once; default ${DEFAULT-VALUE}")
        private int views;

        ImageSet source() throws DataException {
            return data == null ? ImageSet.sample() : ImageSet.open(data, Optional.ofNullable(images));
        }

        List<ImageSet> targets() throws DataException {
            List<ImageSet> sets = new ArrayList<>();
            for (Path target : targets) {
                sets.add(ImageSet.open(target, Optional.empty()));
            }
            return sets;
        }

        int views() {
            if (views < 0) {
                throw new IllegalArgumentException("--views must not be negative [views: " + views + "]");
            }
            return views;
        }
    }

    static final class TrainingOptions {
        private static final List<Integer> CURVE = List.of(1, 2, 4, 8, 16);
        private static final List<Integer> SHOTS = List.of(16);

        @Option(names = "--seeds", split = ",", defaultValue = "1,2,3", description = "of shots and batches; default ${DEFAULT-VALUE}")
        private List<Long> seeds;

        @Option(names = "--shots", split = ",", description = "training images a class; default 16, for few-shot 1,2,4,8,16")
        private List<Integer> shots;

        @Option(names = "--epochs", defaultValue = "50", description = "of every method that learns one context; CoCoOp and "
                + "Tip-Adapter-F take their papers'; default ${DEFAULT-VALUE}")
        private int epochs;

        @Option(names = "--batch", defaultValue = "128", description = "images of a step, for the same methods; default ${DEFAULT-VALUE}")
        private int batch;

        @Option(names = "--learning-rate", defaultValue = "0.002", description = "peak of the cosine schedule; default ${DEFAULT-VALUE}")
        private double learningRate;

        @Option(names = "--paper-schedules", description = "each method trains by its own paper's epochs, batch and learning rate instead")
        private boolean papers;

        @Option(names = "--waves", defaultValue = "6", description = "of the class-incremental protocol; default ${DEFAULT-VALUE}")
        int waves;

        @Option(names = "--context", paramLabel = "WORDS", defaultValue = LearningSettings.DEFAULT_CONTEXT_INIT, //
                description = "the hand-written prompt before the class name; default '${DEFAULT-VALUE}'")
        String context;

        List<Long> seeds() {
            if (seeds.stream().distinct().count() < seeds.size()) {
                throw new IllegalArgumentException("--seeds names one twice, which would count the same run twice [seeds: " + seeds + "]");
            }
            return seeds;
        }

        List<Integer> shots(Protocol protocol) {
            List<Integer> chosen = shots != null ? shots : protocol instanceof FewShot ? CURVE : SHOTS;
            if (chosen.stream().anyMatch(k -> k < 1) || chosen.stream().distinct().count() < chosen.size()) {
                throw new IllegalArgumentException("--shots must be positive and different [shots: " + chosen + "]");
            }
            return chosen.stream().sorted().toList();
        }

        TrainingSettings schedule() {
            return papers ? null : TrainingSettings.of(epochs, batch, learningRate);
        }
    }
}
