package dev.promptgate.messaging.report;

import java.util.List;

/**
 * How many of the images that judge have labels that look wrong to the live prompt, and those that look most wrong, as far as there is
 * room.
 */
public record SuspectedLabels(int total, List<SuspectedImage> images) {
    private static final int MOST = 50;
    private static final int BYTES = 32 << 10;

    public SuspectedLabels {
        images = List.copyOf(images);
    }

    /**
     * An image, its label, and what it is taken for, with the probabilities that the live prompt gives the two; partition and offset are
     * those of labelled-images.
     */
    public record SuspectedImage(String id, String label, String suggested, double selfConfidence, double probability, int partition,
            long offset) {}

    /** Of all suspects, the most suspect first, as many as a report has room for. */
    public static SuspectedLabels cut(List<SuspectedImage> suspects) {
        return new SuspectedLabels(suspects.size(), ReportJson.fitting(suspects, MOST, BYTES));
    }
}
