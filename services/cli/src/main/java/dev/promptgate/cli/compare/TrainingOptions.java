package dev.promptgate.cli.compare;

import dev.promptgate.experiments.method.TrainingSettings;
import dev.promptgate.experiments.protocol.FewShot;
import dev.promptgate.experiments.protocol.Protocol;
import dev.promptgate.learning.continual.LearningSettings;
import java.util.List;
import picocli.CommandLine.Option;

final class TrainingOptions {
    private static final List<Integer> CURVE = List.of(1, 2, 4, 8, 16);
    private static final List<Integer> SHOTS = List.of(16);

    @Option(names = "--seeds", split = ",", defaultValue = "1,2,3", description = "of shots and batches; default ${DEFAULT-VALUE}")
    private List<Long> seeds;

    @Option(names = "--shots", split = ",", description = "training images a class; default 16, for few-shot 1,2,4,8,16")
    private List<Integer> shots;

    @Option(names = "--epochs", defaultValue = "50", description = "of every method but CoCoOp, which takes its paper's 10; default "
            + "${DEFAULT-VALUE}")
    private int epochs;

    @Option(names = "--batch", defaultValue = "128", description = "images of a step, but for CoCoOp; default ${DEFAULT-VALUE}")
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
