package dev.promptgate.experiments.data;

import dev.promptgate.experiments.data.ListedImage.ListedSplit;
import dev.promptgate.experiments.data.PassedOver.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A folder per class, at any depth: an image's class is the folder that it lies in, its id the path below the root. Folders {@code train/},
 * {@code test/}, {@code val/} and {@code probe/} (or another of the names of a {@link ListedSplit}) that hold folders of their own divide
 * the images.
 */
final class FolderSource {
    private static final Pattern IMAGE = Pattern.compile(".*\\.(jpe?g|jpe|jfif|png|gif|bmp|dib|webp)");
    private static final Pattern IMAGE_BYTES = Pattern.compile("(?s)(\u00FF\u00D8\u00FF|\u0089PNG|GIF8|BM|RIFF....WEBP).*");
    private static final int IMAGE_BYTES_READ = 12;

    private final Path root;
    private final boolean isDivided;
    private final PassedOver passedOver = new PassedOver();
    private final Set<String> outside = new TreeSet<>();
    private final List<ListedImage> listed = new ArrayList<>();

    private FolderSource(Path root) throws IOException {
        this.root = root;
        try (Stream<Path> top = Files.list(root)) {
            isDivided = top.anyMatch(folder -> splitOf(folder).isPresent() && holdsFolders(folder));
        }
    }

    static Listing read(Path folder) throws DataException {
        Path root = folder.toAbsolutePath().normalize();
        try {
            FolderSource source = new FolderSource(root);
            for (Path file : FolderWalk.files(root, source.passedOver)) {
                source.add(file);
            }
            return source.listing(folder);
        } catch (IOException | UncheckedIOException e) {
            throw new DataException("The folder cannot be read [folder: %s, cause: %s]".formatted(folder, e.getMessage()), e);
        }
    }

    private void add(Path file) throws DataException, IOException {
        Path relative = root.relativize(file);
        Optional<ListedSplit> split = isDivided ? splitOf(relative.getName(0)) : Optional.empty();
        FileNames.requireReadable(relative.toString());
        if (!isImage(file)) {
            passedOver.add(Reason.NO_IMAGE, relative.toString());
        } else if (isDivided && split.isEmpty() && relative.getNameCount() > 1) {
            outside.add(relative.getName(0) + "/");
        } else if (relative.getNameCount() < (isDivided ? 3 : 2)) {
            passedOver.add(Reason.NO_CLASS, relative.toString());
        } else if (FileNames.isLost(relative.toString())) {
            passedOver.add(Reason.UNNAMED, FileNames.escaped(root, file));
        } else {
            String id = relative.toString().replace('\\', '/');
            listed.add(new ListedImage(id, file.getParent().getFileName().toString(), split, file));
        }
    }

    private Listing listing(Path folder) throws DataException {
        if (listed.isEmpty() && !passedOver.isEmpty()) {
            throw new DataException("There are no images here; images lie in a folder per class [data: %s, %s]".formatted(folder,
                    passedOver.counts()));
        }
        if (isDivided) {
            requireBothHalves();
        }
        List<String> notes = new ArrayList<>();
        outside.forEach(name -> notes.add(
                "Only the folders of train, test, val and probe are used; another one is left out [data: %s, folder: %s]".formatted(folder,
                        name)));
        if (!passedOver.isEmpty()) {
            notes.add("Not everything here is an image of a class, and the rest is left out [folder: %s, %s]".formatted(folder,
                    passedOver.counts()));
        }
        String name = root.getFileName() == null ? root.toString() : root.getFileName().toString();
        return Listing.of(new Listing(name, List.of(), listed, notes, passedOver.of(Reason.UNNAMED)), folder);
    }

    private void requireBothHalves() throws DataException {
        Set<ListedSplit> found = listed.stream().flatMap(image -> image.split().stream()).collect(Collectors.toSet());
        boolean judges = found.contains(ListedSplit.HELD_OUT) || found.contains(ListedSplit.VALIDATION);
        if (!found.contains(ListedSplit.TRAIN) || !judges) {
            throw new DataException(("A data set that is divided into folders needs images in both train/ and test/ (or val/); a folder of "
                    + "classes given by itself is divided by a hash [data: %s, missing: %s]").formatted(root, judges ? "train/" : "test/"));
        }
    }

    /** By its name; without an ending, by its first bytes. */
    private static boolean isImage(Path file) throws IOException {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.contains(".") || !Files.isRegularFile(file)) {
            return IMAGE.matcher(name).matches();
        }
        try (InputStream in = Files.newInputStream(file)) {
            return IMAGE_BYTES.matcher(new String(in.readNBytes(IMAGE_BYTES_READ), StandardCharsets.ISO_8859_1)).matches();
        }
    }

    private static Optional<ListedSplit> splitOf(Path folder) {
        return ListedSplit.named(folder.getFileName().toString());
    }

    private static boolean holdsFolders(Path folder) {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.anyMatch(path -> Files.isDirectory(path) && !path.getFileName().toString().startsWith("."));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
