package dev.promptgate.experiments.run;

import dev.promptgate.learning.loss.LabelLoss;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.lang3.Validate;

/** Losses and shares of wrong labels that methods are to be compared at: each method at every loss that it takes, and at every share. */
public record Robustness(List<LabelLoss> losses, List<Double> labelNoise) {
    /** @throws IllegalArgumentException if a loss is not known, or a share is not below 1 */
    public static Robustness of(List<String> losses, List<Double> labelNoise) {
        Validate.isTrue(labelNoise.stream().allMatch(share -> share >= 0 && share < 1),
                "--label-noise must be shares of the training labels, from 0 to below 1 [label noise: %s]", labelNoise);
        return new Robustness(losses.stream().map(Robustness::named).distinct().toList(), labelNoise.stream().distinct().toList());
    }

    private static LabelLoss named(String name) {
        return Arrays.stream(LabelLoss.values()).filter(loss -> loss.key().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no such loss; known are %s [loss: %s]".formatted(
                        Arrays.stream(LabelLoss.values()).map(LabelLoss::key).collect(Collectors.joining(", ")), name)));
    }

    public List<ComparedMethod> over(List<ComparedMethod> methods) {
        return methods.stream().flatMap(method -> losses.stream().map(method::by).distinct())
                .flatMap(method -> labelNoise.stream().map(method::with)).toList();
    }
}
