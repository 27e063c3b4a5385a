package dev.promptgate.experiments.data;

import dev.promptgate.experiments.data.ExperimentImage.DataPart;
import dev.promptgate.experiments.data.WholeSet.ListedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A folder per class, at any depth: an image's class is the folder that it lies in, its id the path below the root. Folders {@code train/}
 * and {@code test/} that hold folders of their own divide the images; {@code val/} beside them is left out. So is what notebooks, macOS and
 * version control hide in folders.
 */
final class FolderSource {
    private static final Pattern IMAGE = Pattern.compile(".*\\.(jpe?g|png|gif|bmp|webp)");

    private final Path root;
    private final List<ListedImage> listed = new ArrayList<>();
    private int passedOver;

    private FolderSource(Path root) {
        this.root = root;
    }

    static ImageSet read(Path folder) throws DataException {
        Path root = folder.toAbsolutePath().normalize();
        FolderSource source = new FolderSource(root);
        List<String> notes = new ArrayList<>();
        try {
            if (holdsFolders(root.resolve("train")) || holdsFolders(root.resolve("test"))) {
                source.divided(notes);
            } else {
                source.add(root, Optional.empty());
            }
        } catch (IOException | UncheckedIOException e) {
            throw new DataException("The folder cannot be read [folder: %s, cause: %s]".formatted(folder, e.getMessage()), e);
        }
        if (source.passedOver > 0) {
            notes.add(
                    "Files that are hidden, are no images by their names, or lie in no class's folder, are left out [folder: %s, files: %d]"
                            .formatted(folder, source.passedOver));
        }
        String name = root.getFileName() == null ? root.toString() : root.getFileName().toString();
        return WholeSet.of(name, folder, List.of(), source.listed, notes);
    }

    private void divided(List<String> notes) throws IOException, DataException {
        for (String half : List.of("train", "test")) {
            if (!Files.isDirectory(root.resolve(half))) {
                throw new DataException("A data set that is divided into folders needs both train/ and test/ [data: %s, missing: %s/]"
                        .formatted(root, half));
            }
        }
        add(root.resolve("train"), Optional.of(DataPart.TRAIN));
        add(root.resolve("test"), Optional.of(DataPart.TEST));
        try (Stream<Path> beside = Files.list(root)) {
            beside.filter(Files::isDirectory).map(folder -> folder.getFileName().toString())
                    .filter(name -> !name.equals("train") && !name.equals("test"))
                    .sorted().forEach(name -> notes.add(
                            "Only train/ and test/ are used; another folder is left out [data: %s, folder: %s/]".formatted(root, name)));
        }
    }

    private void add(Path top, Optional<DataPart> part) throws IOException {
        // Links are followed: data sets are often linked to where they are used.
        try (Stream<Path> files = Files.walk(top, FileVisitOption.FOLLOW_LINKS)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile).sorted()::iterator) {
                if (file.getParent().equals(top) || isHidden(top.relativize(file))
                        || !IMAGE.matcher(file.getFileName().toString().toLowerCase(Locale.ROOT)).matches()) {
                    passedOver++;
                } else {
                    String id = root.relativize(file).toString().replace('\\', '/');
                    listed.add(new ListedImage(id, file.getParent().getFileName().toString(), part, file));
                }
            }
        }
    }

    private static boolean isHidden(Path file) {
        return StreamSupport.stream(file.spliterator(), false).map(Path::toString)
                .anyMatch(name -> name.startsWith(".") || name.equals("__MACOSX"));
    }

    private static boolean holdsFolders(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.anyMatch(Files::isDirectory);
        }
    }
}
