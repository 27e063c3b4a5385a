package dev.promptgate.experiments.method;

import dev.promptgate.clip.text.Context;
import java.util.List;
import java.util.Optional;

/** What a method has learned. Not thread-safe. */
public interface Classifier {
    /**
     * The most likely class of each image among the given ones, trained on or not.
     *
     * @param images [images][dim], L2-normalised
     * @return index into the classes, per image
     */
    int[] classify(float[][] images, List<String> classes);

    /** The learned context; empty if there is none, or if it depends on the image. */
    Optional<Context> context();
}
