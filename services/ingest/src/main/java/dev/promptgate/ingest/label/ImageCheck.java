package dev.promptgate.ingest.label;

import dev.promptgate.clip.image.format.ForeignFormat;
import dev.promptgate.clip.image.format.ImageFormat;
import dev.promptgate.service.api.Problem;
import dev.promptgate.service.api.ProblemException;

/** What can be told of an image file by its size and its first bytes; whether it can be decoded the encoder finds out. Thread-safe. */
public record ImageCheck(int maxBytes) {
    /** Throws a {@link ProblemException} if the file is empty, too large or of no accepted format. */
    public void require(byte[] file) {
        if (file.length == 0) {
            throw Problem.of(422, "The image is empty; send the file's bytes").exception();
        }
        if (file.length > maxBytes) {
            throw Problem.of(413, "The image file is larger than the limit of %d bytes; shrink it".formatted(maxBytes)).exception();
        }
        if (ImageFormat.of(file).isEmpty()) {
            throw Problem.of(415, ForeignFormat.of(file)
                    .map("The file is %s and not accepted; save it as JPEG, PNG, GIF, BMP or WebP"::formatted)
                    .orElse("The bytes are no image; send JPEG, PNG, GIF, BMP or WebP")).exception();
        }
    }
}
