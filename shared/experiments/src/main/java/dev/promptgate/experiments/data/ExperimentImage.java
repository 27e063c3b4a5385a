package dev.promptgate.experiments.data;

import dev.promptgate.clip.image.ImageLimits;
import java.io.IOException;

/** One labelled image; its id is unique within its set and stable between runs: shots are drawn by it. */
public record ExperimentImage(String id, String label, DataPart part, ImageBytes bytes) {
    public enum DataPart {
        TRAIN,
        /** Measures accuracy, never trains. */
        TEST
    }

    /** An image file that is read when it is needed, from any thread. */
    @FunctionalInterface
    public interface ImageBytes {
        /** The file's bytes; of a file beyond the limit on images, enough for it to be refused. */
        byte[] read() throws IOException;

        static ImageBytes of(ImageLocation location) {
            return () -> location.start(ImageLimits.DEFAULT.maxBytes() + 1);
        }
    }
}
