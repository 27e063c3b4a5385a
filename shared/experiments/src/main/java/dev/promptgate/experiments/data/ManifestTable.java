package dev.promptgate.experiments.data;

import dev.promptgate.clip.failure.FirstLine;
import dev.promptgate.experiments.data.ExperimentImage.DataPart;
import dev.promptgate.experiments.data.WholeSet.ListedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;

/**
 * A table of images, tab- or comma-separated in UTF-8, with a header that names the columns {@code file} and {@code label}, and maybe
 * {@code split} and {@code id}; as {@code produce} and {@code compare} take it.
 */
public final class ManifestTable {
    /** One line, with its file and number for messages; what it stands for is asked cell by cell. */
    public record Line(CSVRecord cells, Path root, String where) {
        public String file() throws DataException {
            return cell("file").orElseThrow(() -> new DataException("A line of the manifest has no file [line: " + where + "]"));
        }

        public String label() throws DataException {
            return cell("label").orElseThrow(() -> new DataException("A line of the manifest has no label [line: " + where + "]"));
        }

        public Optional<String> split() {
            return cell("split");
        }

        /** The file's name unless the line has another. */
        public String id() throws DataException {
            return cell("id").orElse(file());
        }

        /** Where the file is: below the root, or in {@code images/} there, as the sample stream keeps its own. */
        public Path path() throws DataException {
            try {
                Path direct = root.resolve(file());
                Path inFolder = root.resolve("images").resolve(file());
                return !Files.exists(direct) && Files.exists(inFolder) ? inFolder : direct;
            } catch (InvalidPathException e) {
                throw new DataException("A line of the manifest names an impossible file [line: " + where + "]", e);
            }
        }

        private Optional<String> cell(String column) {
            return cells.isMapped(column) && cells.isSet(column) && !cells.get(column).isBlank() ? Optional.of(cells.get(column))
                    : Optional.empty();
        }
    }

    private ManifestTable() {}

    /**
     * Its lines; paths start from {@code images} or, if empty, the manifest's own folder.
     *
     * @throws DataException if this is no such table; what is wrong with a line is said when the line is asked
     */
    public static List<Line> read(Path manifest, Optional<Path> images) throws DataException {
        Path root = images.orElse(manifest.toAbsolutePath().getParent());
        try (CSVParser parser = parser(Files.readString(manifest))) {
            List<String> header = parser.getHeaderNames().stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
            if (!header.contains("file") || !header.contains("label")) {
                throw new DataException(
                        "The manifest's first line must name the columns file and label, and may name split and id [file: %s, found: %s]"
                                .formatted(manifest, String.join(" ", header)));
            }
            List<Line> lines = new ArrayList<>();
            for (CSVRecord cells : parser) {
                lines.add(new Line(cells, root, "%s:%d".formatted(manifest, parser.getCurrentLineNumber())));
            }
            return lines;
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
            throw new DataException("The manifest cannot be read as a table in UTF-8 [file: %s, cause: %s]"
                    .formatted(manifest, FirstLine.of(e)), e);
        }
    }

    private static CSVParser parser(String text) throws IOException {
        String table = text.startsWith("\uFEFF") ? text.substring(1) : text;
        CSVFormat.Builder format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).setIgnoreHeaderCase(true)
                .setTrim(true).setIgnoreEmptyLines(true).setAllowMissingColumnNames(true)
                .setDuplicateHeaderMode(DuplicateHeaderMode.ALLOW_EMPTY);
        if (table.lines().findFirst().orElse("").contains("\t")) {
            format.setDelimiter('\t').setQuote(null); // tab-separated files hold quotes as they are
        }
        return CSVParser.parse(table, format.get());
    }

    /**
     * Its images. Split is {@code train}, {@code held-out} or {@code test}; {@code val} is left out; blank leaves it to the hash of the id.
     * {@code probe} is refused: it marks classes that are never trained, and here the protocol says which those are.
     */
    static ImageSet images(Path file, Optional<Path> images) throws DataException {
        List<ListedImage> listed = new ArrayList<>();
        int validation = 0;
        for (Line line : read(file, images)) {
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
