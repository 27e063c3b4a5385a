package dev.promptgate.experiments.data;

import dev.promptgate.bundled.SampleStream;
import dev.promptgate.experiments.data.ExperimentImage.DataPart;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The labelled images of one data set, divided into training and test. What {@link #open} returns is whole: at least two classes, each with
 * training and test images, no id twice, every listed file there. That the files are images shows when they are decoded. Classes are in the
 * order of CoOp's base/new division: by label index where the source has one, otherwise by name; whatever was left out on purpose is noted
 * in a line.
 *
 * @param divided whether the source says of every image what it is for; otherwise the hash of its id does
 */
public record ImageSet(String name, List<String> classes, List<ExperimentImage> images, boolean divided, List<String> notes) {
    /**
     * Opens what a {@link Listing} reads.
     *
     * @throws DataException if the set is not whole
     */
    public static ImageSet open(Path data, Optional<Path> images) throws DataException {
        ImageSet set = read(data, images);
        WholeSet.requireClasses(set, data);
        return set;
    }

    /** The same for whoever takes the classes as they are: some may have training or test images only, or there may be one class alone. */
    public static ImageSet read(Path data, Optional<Path> images) throws DataException {
        return WholeSet.of(Listing.read(data, images), data);
    }

    /** The bundled sample stream: its held-out images are the test images. */
    public static ImageSet sample() {
        List<ExperimentImage> images = SampleStream.entries().stream().map(entry -> new ExperimentImage(entry.file(), entry.label(),
                entry.split().equals("train") ? DataPart.TRAIN : DataPart.TEST, () -> SampleStream.bytes(entry))).toList();
        return new ImageSet("sample", images.stream().map(ExperimentImage::label).distinct().sorted().toList(), images, true,
                List.of());
    }
}
