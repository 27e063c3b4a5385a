package dev.promptgate.classifier.answer;

import dev.promptgate.classifier.prompt.Label;
import dev.promptgate.classifier.prompt.PromptClassifier;
import java.util.List;
import java.util.Optional;

/**
 * What the images of a request show, by one prompt.
 *
 * @param images in the request's order
 */
public record Answers(PromptClassifier prompt, List<Image> images) {
    /**
     * One image.
     *
     * @param labels the likeliest first; none if it failed
     * @param zeroShot the hand-written prompt's answer, if it was asked for
     * @param failure why there is no answer
     */
    public record Image(List<Label> labels, Optional<List<Label>> zeroShot, Optional<Throwable> failure) {
        static Image failed(Throwable cause) {
            return new Image(List.of(), Optional.empty(), Optional.of(cause));
        }
    }
}
