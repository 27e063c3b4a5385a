package dev.promptgate.experiments.exports;

import dev.promptgate.experiments.data.DataException;
import dev.promptgate.experiments.data.ImageFile;
import dev.promptgate.experiments.data.ListedImage;
import dev.promptgate.experiments.data.ListedImage.ListedSplit;
import dev.promptgate.experiments.data.Listing;
import dev.promptgate.experiments.exports.Export.Skipped;
import java.io.Closeable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Gathers the images of an export: one with one label is listed, others are left out and counted. */
final class Gathering {
    private static final String OUTSIDE = "its name leads out of the folder of images; give one that holds it as --image-root";

    private final Path source;
    private final List<ListedImage> listed = new ArrayList<>();
    private final List<Skipped> skipped = new ArrayList<>();
    private final List<String> unlabelled = new ArrayList<>();
    private final List<String> ambiguous = new ArrayList<>();

    /** @param source what the user named, for messages */
    Gathering(Path source) {
        this.source = source;
    }

    /**
     * Whether an image has one label and so must be located; otherwise it has been counted.
     *
     * @param labels without duplicates
     */
    boolean hasOneLabel(String id, Set<String> labels) {
        if (labels.isEmpty()) {
            unlabelled.add(id);
        } else if (labels.size() > 1) {
            ambiguous.add("%s (%s)".formatted(id, String.join(", ", labels)));
        }
        return labels.size() == 1;
    }

    /** @param file empty: outside of the folders that it may lie in */
    void add(String id, String label, Optional<ListedSplit> split, Optional<Path> file) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(id + label)) {
            skip(id, "its name or label has half of a character that takes two in UTF-16");
            return;
        }
        file.ifPresentOrElse(found -> listed.add(new ListedImage(id, label, split, new ImageFile(found))), () -> skip(id, OUTSIDE));
    }

    void skip(String id, String why) {
        skipped.add(new Skipped(id, why));
    }

    Export export(List<String> moreNotes, Closeable archive) throws DataException {
        List<String> left = leftOut();
        List<String> notes = new ArrayList<>(moreNotes);
        if (!left.isEmpty()) {
            notes.add("An image needs one label, and the rest is left out [data: %s, %s]".formatted(source, String.join(", ", left)));
        }
        if (listed.isEmpty()) {
            left.add(0, "data: " + source);
            if (!skipped.isEmpty()) {
                left.add("skipped: %s, since %s".formatted(DataException.counted(skipped.stream().map(Skipped::id).toList()),
                        skipped.get(0).why()));
            }
            throw new DataException("There are no images with one label and a file here; export the annotated ones ["
                    + String.join(", ", left) + "]");
        }
        String name = String.valueOf(source.getFileName()).replaceFirst("\\.[^.]+$", "");
        return new Export(Listing.of(new Listing(name, List.of(), listed, notes, List.of()), source.toString()), skipped, archive);
    }

    private List<String> leftOut() {
        List<String> left = new ArrayList<>();
        if (!unlabelled.isEmpty()) {
            left.add("no label: " + DataException.counted(unlabelled));
        }
        if (!ambiguous.isEmpty()) {
            left.add("several labels: " + DataException.counted(ambiguous));
        }
        return left;
    }
}
