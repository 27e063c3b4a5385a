package dev.promptgate.experiments.exports;

import dev.promptgate.experiments.data.DataException;
import dev.promptgate.experiments.data.FileNames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** The export formats of labelling tools that images and labels are read from. */
public enum ExportFormat {
    /** JSON with the lists {@code images}, {@code annotations} and {@code categories}. */
    COCO("coco", CocoExport::read),
    /** "CVAT for images 1.1": {@code annotations.xml}, the folder that holds it, or the ZIP archive. */
    CVAT("cvat", CvatExport::read),
    /** JSON or JSON-MIN. */
    LABEL_STUDIO("label-studio", LabelStudioExport::read);

    @FunctionalInterface
    private interface Reader {
        Export read(Path path, Optional<Path> imageRoot) throws DataException;
    }

    private final String option;
    private final Reader reader;

    ExportFormat(String option, Reader reader) {
        this.option = option;
        this.reader = reader;
    }

    /** @throws IllegalArgumentException if there is none of this name */
    public static ExportFormat named(String name) {
        return Arrays.stream(values()).filter(format -> format.option.equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("--format must be one of %s [format: %s]".formatted(
                        Arrays.stream(values()).map(format -> format.option).collect(Collectors.joining(", ")), name)));
    }

    /**
     * The images that an export lists with one label each.
     *
     * @param imageRoot the folder that the names of images start from; empty: they are found beside the export
     * @throws DataException if the export is broken or lists no such image
     */
    public Export read(Path path, Optional<Path> imageRoot) throws DataException {
        FileNames.requireReadable(path.toString());
        if (imageRoot.isPresent() && !Files.isDirectory(imageRoot.get())) {
            throw new DataException("There is no folder of images here; correct --image-root [path: " + imageRoot.get() + "]");
        }
        if (!Files.exists(path)) {
            throw new DataException("There is no export here; correct the path [path: " + path + "]");
        }
        return reader.read(path, imageRoot);
    }
}
