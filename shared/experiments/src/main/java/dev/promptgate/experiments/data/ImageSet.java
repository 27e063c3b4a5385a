package dev.promptgate.experiments.data;

import dev.promptgate.bundled.SampleStream;
import dev.promptgate.experiments.data.ExperimentImage.DataPart;
import java.nio.file.Files;
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
     * Opens a folder with a folder per class, alone or below {@code train/} and {@code test/}; a manifest (TSV or CSV); or a split file of
     * CoOp ({@code .json}). The paths of these start from the folder of images or, if empty, are found beside them.
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
        if (images.isPresent() && !Files.isDirectory(images.get())) {
            throw new DataException("There is no folder of images here [path: " + images.get() + "]");
        }
        if (Files.isDirectory(data)) {
            if (images.isPresent()) {
                throw new DataException(
                        "An image folder goes with a manifest or a split file only; this data is a folder itself [data: %s, images: %s]"
                                .formatted(data, images.get()));
            }
            return FolderSource.read(data);
        }
        if (!Files.isRegularFile(data)) {
            throw new DataException(
                    "There is no data here; give a folder with a folder per class, a manifest (TSV or CSV) or a split file of CoOp [path: "
                            + data + "]");
        }
        return data.toString().endsWith(".json") ? CoOpSplit.read(data, images) : ManifestTable.images(data, images);
    }

    /** The bundled sample stream: its held-out images are the test images. */
    public static ImageSet sample() {
        List<ExperimentImage> images = SampleStream.entries().stream().map(entry -> new ExperimentImage(entry.file(), entry.label(),
                entry.split().equals("train") ? DataPart.TRAIN : DataPart.TEST, () -> SampleStream.bytes(entry))).toList();
        return new ImageSet("sample", images.stream().map(ExperimentImage::label).distinct().sorted().toList(), images, true,
                List.of());
    }
}
