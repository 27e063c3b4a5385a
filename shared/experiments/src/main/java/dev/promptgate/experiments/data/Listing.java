package dev.promptgate.experiments.data;

import dev.promptgate.clip.text.SamePrompt;
import dev.promptgate.experiments.data.ListedImage.ListedSplit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The labelled images that a source lists, for every command that takes images: no id twice, no name with characters lost. Validation
 * images are held out if there are no test images, and otherwise left out.
 *
 * @param classes in the source's order; empty: the labels by name
 * @param notes a line for whatever was left out on purpose, and for classes that would be the same prompt
 * @param unnamed those of them whose names are not UTF-8, escaped
 */
public record Listing(String name, List<String> classes, List<ListedImage> images, List<String> notes, List<String> unnamed) {
    /**
     * Reads a folder with a folder per class, alone or below {@code train/}, {@code test/} and {@code val/}; a manifest (TSV or CSV); or a
     * split file of CoOp ({@code .json}). The paths of these start from the folder of images or, if empty, are found beside them.
     */
    public static Listing read(Path data, Optional<Path> images) throws DataException {
        FileNames.requireReadable(data.toString());
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
        return data.toString().endsWith(".json") ? CoOpSplit.read(data, images) : ManifestTable.read(data, images);
    }

    /** The listing of what a source has read. */
    public static Listing of(Listing found, String source) throws DataException {
        if (found.images.isEmpty()) {
            throw new DataException("There are no images here; images lie in a folder per class, or are listed in a file [data: %s]"
                    .formatted(source));
        }
        Set<String> seen = new HashSet<>();
        refuse(source, "Two images have the same id; each must be listed once",
                found.images.stream().map(ListedImage::id).filter(id -> !seen.add(id)).distinct().toList());
        refuse(source, "Characters of an id or a label were lost (U+FFFD) when this was saved; save it again as UTF-8",
                found.images.stream().filter(image -> FileNames.isLost(image.id() + image.label())).map(ListedImage::id).toList());
        return found.withoutValidation(source).withSamePrompts(source);
    }

    private static void refuse(String source, String message, List<String> ids) throws DataException {
        if (!ids.isEmpty()) {
            throw new DataException("%s [data: %s, ids: %s]".formatted(message, source, DataException.counted(ids)));
        }
    }

    private Listing withoutValidation(String source) {
        long validation = images.stream().filter(image -> is(image, ListedSplit.VALIDATION)).count();
        if (validation == 0) {
            return this;
        }
        boolean hasTest = images.stream().anyMatch(image -> is(image, ListedSplit.HELD_OUT));
        List<String> more = new ArrayList<>(notes);
        more.add((hasTest ? "Validation images are left out, since there are test images [data: %s, images: %d]"
                : "Validation images are held out, since there are no test images [data: %s, images: %d]").formatted(source, validation));
        Stream<ListedImage> kept = hasTest ? images.stream().filter(image -> !is(image, ListedSplit.VALIDATION))
                : images.stream().map(image -> is(image, ListedSplit.VALIDATION) ? image.with(ListedSplit.HELD_OUT) : image);
        return new Listing(name, classes, kept.toList(), more, unnamed);
    }

    private Listing withSamePrompts(String source) {
        List<String> more = new ArrayList<>(notes);
        SamePrompt.among(images.stream().map(ListedImage::label).collect(Collectors.toSet())).forEach(same -> more.add(
                "Classes would be the same prompt; give them one name [data: %s, classes: %s]".formatted(source, same.shown())));
        return new Listing(name, classes, images, more, unnamed);
    }

    private static boolean is(ListedImage image, ListedSplit split) {
        return image.split().equals(Optional.of(split));
    }
}
