package dev.promptgate.experiments.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The images of a {@link ManifestTable}. Split is {@code train}, {@code held-out} or {@code test}; {@code val} is left out; blank leaves it
 * to the hash of the id. {@code probe} is refused: it marks classes that are never trained, and here the protocol says which those are.
 */
final class Manifest {
    private Manifest() {}

    /** @param images the folder that paths start from; empty: the manifest's own */
    static ImageSet read(Path file, Optional<Path> images) throws DataException {
        List<ListedImage> listed = new ArrayList<>();
        int validation = 0;
        for (ManifestTable.Line line : ManifestTable.read(file, images)) {
            Optional<String> split = line.split();
            String label = line.label();
            if (split.equals(Optional.of("val"))) {
                validation++;
            } else {
                Optional<DataPart> part = split.isEmpty() ? Optional.empty() : Optional.of(part(split.get(), line.where()));
                listed.add(new ListedImage(line.id(), label, part, line.path()));
            }
        }
        List<String> notes = validation == 0 ? List.of()
                : List.of("Images of the split val are left out [manifest: %s, images: %d]".formatted(file, validation));
        String name = file.getFileName().toString().replaceFirst("\\.[^.]+$", "");
        return WholeSet.of(name, file, List.of(), listed, notes);
    }

    private static DataPart part(String split, String where) throws DataException {
        return switch (split) {
            case "train" -> DataPart.TRAIN;
            case "held-out", "test" -> DataPart.TEST;
            case "probe" -> throw new DataException(
                    "The protocol says which classes are never trained, so an image is for train or for test, not a probe"
                            + " [line: " + where + "]");
            default ->
                throw new DataException("A split must be train, held-out, test or val [line: %s, split: %s]".formatted(where, split));
        };
    }
}
