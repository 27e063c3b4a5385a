package dev.promptgate.experiments.method;

import dev.promptgate.clip.scoring.ClassScorer;
import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.TextEncoder;
import dev.promptgate.learning.step.StepReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** CLIP with the ensemble of its hand-written prompts (arXiv 2103.00020, section 3.1.4): learns nothing. */
public record PromptEnsemble() implements FewShotLearner {
    /**
     * CLIP's templates for ImageNet, as the words before the class name: all of the 80 that end with the name and a full stop. Two do not
     * ("a … in a video game.", "the … in a video game."): prompts here have the name last, as CoOp's have.
     */
    public static final List<String> TEMPLATES = templates();

    private static List<String> templates() {
        try (InputStream in = PromptEnsemble.class.getResourceAsStream("templates.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Classifier learn(TrainingTask task, Optional<Classifier> from, Consumer<StepReport> listener) {
        return new Ensemble(task.model().textEncoder(), TEMPLATES);
    }

    /**
     * Classifies by the normalised mean, over the templates, of each class's normalised text feature. The features of the last classes
     * asked for are kept: they cost one pass a template. Not thread-safe.
     */
    static final class Ensemble implements Classifier {
        private final TextEncoder encoder;
        private final List<String> templates;
        private List<String> encoded;
        private float[][] features;

        Ensemble(TextEncoder encoder, List<String> templates) {
            this.encoder = encoder;
            this.templates = templates;
        }

        @Override
        public int[] classify(float[][] images, List<String> classes) {
            return new ClassScorer(features(classes)).nearest(images);
        }

        @Override
        public long bytes() {
            return templates.stream().mapToLong(words -> words.getBytes(StandardCharsets.UTF_8).length).sum();
        }

        /** [classes][dim], L2-normalised. */
        float[][] features(List<String> names) {
            if (!names.equals(encoded)) {
                features = names.isEmpty() ? new float[0][] : normalised(sums(names));
                encoded = List.copyOf(names);
            }
            return features;
        }

        private double[][] sums(List<String> names) {
            double[][] sums = null;
            for (String words : templates) {
                Context context = encoder.contextFrom(words);
                float[][] one = encoder.features(context, encoder.prompts(names, context.tokens()));
                sums = sums == null ? new double[one.length][one[0].length] : sums;
                for (int c = 0; c < sums.length; c++) {
                    for (int d = 0; d < one[c].length; d++) {
                        sums[c][d] += one[c][d];
                    }
                }
            }
            return sums;
        }

        private static float[][] normalised(double[][] sums) {
            float[][] normalised = new float[sums.length][sums[0].length];
            for (int c = 0; c < sums.length; c++) {
                double squares = 0;
                for (double value : sums[c]) {
                    squares += value * value;
                }
                for (int d = 0; d < sums[c].length; d++) {
                    normalised[c][d] = (float) (sums[c][d] / Math.sqrt(squares));
                }
            }
            return normalised;
        }
    }
}
