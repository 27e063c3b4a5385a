package dev.promptgate.classifier.http;

import dev.promptgate.clip.image.ImageRejectedException;
import dev.promptgate.service.api.Problem;
import dev.promptgate.service.api.ProblemException;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** Failures as problems; what decoders say of themselves stays inside. */
final class ImageProblems {
    private ImageProblems() {}

    /** Empty for what is the service's fault. */
    static Optional<Problem> of(Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof ProblemException expected) {
            return Optional.of(expected.problem());
        }
        return cause instanceof ImageRejectedException rejected ? Optional.of(of(rejected)) : Optional.empty();
    }

    private static Problem of(ImageRejectedException rejected) {
        return switch (rejected.fault()) {
            case EMPTY -> Problem.of(422, "The image is empty; send the file's bytes");
            case TOO_MANY_BYTES -> Problem.of(413, "The image file is larger than the limit; shrink it");
            case TOO_MANY_PIXELS -> Problem.of(413, "The image has more pixels than the limit; shrink it");
            case NOT_AN_IMAGE -> Problem.of(415, "The bytes are no image; send JPEG, PNG, GIF, BMP or WebP");
            case TRUNCATED -> Problem.of(422, "The image file ends early; send it whole");
            case UNDECODABLE -> Problem.of(422, "The image is damaged or of a kind that is not supported; save it again");
        };
    }
}
