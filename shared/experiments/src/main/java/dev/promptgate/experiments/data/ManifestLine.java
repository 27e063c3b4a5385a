package dev.promptgate.experiments.data;

import dev.promptgate.experiments.data.ListedImage.ListedSplit;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVRecord;

/** A line of a manifest, with its file and number for messages. */
record ManifestLine(CSVRecord cells, Path root, String where) {
    static final String FILE = "file";
    static final String LABEL = "label";
    /** {@code C:\} or {@code C:/}, and {@code \\server\share}. */
    private static final Pattern ON_A_DRIVE = Pattern.compile("[A-Za-z]:[\\\\/].*|\\\\\\\\.*");

    ListedImage image() throws DataException {
        String file = required(FILE);
        FileNames.requireReadable(file);
        if (ON_A_DRIVE.matcher(file).matches() && !Files.exists(path(file))) {
            throw new DataException(
                    ("A line of the manifest names a file on a drive of Windows; name it from the manifest's own folder on "
                            + "[line: %s, file: %s]").formatted(where, file));
        }
        String name = file.contains("\\") && !Files.exists(path(file)) ? file.replace('\\', '/') : file;
        String label = required(LABEL);
        return new ListedImage(cell("id").orElse(name), label, split(), new ImageFile(path(name)));
    }

    private Optional<ListedSplit> split() throws DataException {
        Optional<String> split = cell("split");
        Optional<ListedSplit> known = split.flatMap(ListedSplit::named);
        if (split.isPresent() && known.isEmpty()) {
            throw new DataException(
                    "A split must be train, held-out (or test), val or probe [line: %s, split: %s]".formatted(where, split.get()));
        }
        return known;
    }

    /** Where the file is: below the root, or in {@code images/} there, as the sample stream keeps its own. */
    private Path path(String file) throws DataException {
        try {
            Path direct = root.resolve(file);
            Path inFolder = root.resolve("images").resolve(file);
            return !Files.exists(direct) && Files.exists(inFolder) ? inFolder : direct;
        } catch (InvalidPathException e) {
            throw new DataException("A line of the manifest names an impossible file [line: " + where + "]", e);
        }
    }

    private String required(String column) throws DataException {
        return cell(column)
                .orElseThrow(() -> new DataException("A line of the manifest has no %s [line: %s]".formatted(column, where)));
    }

    private Optional<String> cell(String column) {
        return cells.isMapped(column) && cells.isSet(column) && !cells.get(column).isBlank() ? Optional.of(cells.get(column))
                : Optional.empty();
    }
}
