package dev.promptgate.experiments.data;

import dev.promptgate.experiments.data.ListedImage.ListedSplit;
import dev.promptgate.experiments.data.PassedOver.Reason;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A folder per class, at any depth, wherever the folders are kept: an image's class is the folder that it lies in, its id the path below
 * the root. Folders {@code train/}, {@code test/}, {@code val/} and {@code probe/} (or another of the names of a {@link ListedSplit}) that
 * hold folders of their own divide the images. What is hidden, no image by its name or in no class's folder is left out and counted. For
 * one thread.
 */
public final class ClassFolders {
    private static final Pattern IMAGE = Pattern.compile(".*\\.(jpe?g|jpe|jfif|png|gif|bmp|dib|webp)");
    private static final Pattern IMAGE_BYTES = Pattern.compile("(?s)(\u00FF\u00D8\u00FF|\u0089PNG|GIF8|BM|RIFF....WEBP).*");
    private static final int IMAGE_BYTES_READ = 12;

    private record Entry(String path, ImageLocation location) {
        String[] parts() {
            return path.split("/");
        }
    }

    private final String source;
    private final String name;
    private final URI root;
    private final PassedOver passedOver = new PassedOver();
    private final Set<String> hidden = new TreeSet<>();
    private final List<Entry> entries = new ArrayList<>();
    private final Set<String> outside = new TreeSet<>();
    private final List<ListedImage> listed = new ArrayList<>();

    /**
     * @param source as messages call it
     * @param name of the set
     * @param root what every location's URI starts with, a slash at its end
     */
    public ClassFolders(String source, String name, URI root) {
        this.source = source;
        this.name = name;
        this.root = root;
    }

    /** What else is left out is noted here. */
    PassedOver passedOver() {
        return passedOver;
    }

    /** Takes what lies at a path below the root, whose parts are separated by slashes. */
    public void add(String path, ImageLocation location) {
        Entry entry = new Entry(path, location);
        StringBuilder above = new StringBuilder();
        for (String part : entry.parts()) {
            above.append(above.isEmpty() ? "" : "/").append(part);
            if (FileNames.isHidden(part)) {
                if (hidden.add(above.toString())) {
                    passedOver.add(Reason.HIDDEN, above.toString());
                }
                return;
            }
        }
        entries.add(entry);
    }

    /**
     * The listing of all that was added, in the order in which it was.
     *
     * @throws DataException if there is no image of a class, or the folders divide the images into one half only
     * @throws IOException if the first bytes of what has no ending cannot be read
     */
    public Listing listing() throws DataException, IOException {
        boolean isDivided = entries.stream().map(Entry::parts)
                .anyMatch(parts -> parts.length > 2 && ListedSplit.named(parts[0]).isPresent());
        for (Entry entry : entries) {
            place(entry, isDivided);
        }
        if (listed.isEmpty() && !passedOver.isEmpty()) {
            throw new DataException("There are no images here; images lie in a folder per class [data: %s, %s]".formatted(source,
                    passedOver.counts()));
        }
        if (isDivided) {
            requireBothHalves();
        }
        return Listing.of(new Listing(name, List.of(), listed, notes(), passedOver.of(Reason.UNNAMED)), source);
    }

    private void place(Entry entry, boolean isDivided) throws IOException {
        String path = entry.path();
        String[] parts = entry.parts();
        Optional<ListedSplit> split = isDivided ? ListedSplit.named(parts[0]) : Optional.empty();
        if (!isImage(parts[parts.length - 1], entry.location())) {
            passedOver.add(Reason.NO_IMAGE, path);
        } else if (isDivided && split.isEmpty() && parts.length > 1) {
            outside.add(parts[0] + "/");
        } else if (parts.length < (isDivided ? 3 : 2) || parts[parts.length - 2].isBlank()) {
            passedOver.add(Reason.NO_CLASS, path);
        } else if (FileNames.isLost(path)) {
            // its bytes beyond ASCII in hexadecimal
            passedOver.add(Reason.UNNAMED, entry.location().uri().getRawPath().substring(root.getRawPath().length()));
        } else {
            listed.add(new ListedImage(path, parts[parts.length - 2], split, entry.location()));
        }
    }

    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        outside.forEach(folder -> notes.add(
                "Only the folders of train, test, val and probe are used; another one is left out [data: %s, folder: %s]".formatted(source,
                        folder)));
        if (!passedOver.isEmpty()) {
            notes.add("Not everything here is an image of a class, and the rest is left out [folder: %s, %s]".formatted(source,
                    passedOver.counts()));
        }
        return notes;
    }

    private void requireBothHalves() throws DataException {
        Set<ListedSplit> found = listed.stream().flatMap(image -> image.split().stream()).collect(Collectors.toSet());
        boolean judges = found.contains(ListedSplit.HELD_OUT) || found.contains(ListedSplit.VALIDATION);
        if (!found.contains(ListedSplit.TRAIN) || !judges) {
            throw new DataException(("A data set that is divided into folders needs images in both train/ and test/ (or val/); a folder of "
                    + "classes given by itself is divided by a hash [data: %s, missing: %s]").formatted(source,
                            judges ? "train/" : "test/"));
        }
    }

    /** By its name; without an ending, by its first bytes. */
    private static boolean isImage(String fileName, ImageLocation location) throws IOException {
        String lower = fileName.toLowerCase(Locale.ROOT);
        if (lower.contains(".") || !location.exists()) {
            return IMAGE.matcher(lower).matches();
        }
        return IMAGE_BYTES.matcher(new String(location.start(IMAGE_BYTES_READ), StandardCharsets.ISO_8859_1)).matches();
    }
}
