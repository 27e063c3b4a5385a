package dev.promptgate.experiments.data;

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
 * A table of images, tab- or comma-separated, with a header that names the columns {@code file} and {@code label}, and maybe {@code split}
 * and {@code id}. Files lie beside the manifest or in {@code images/} beside it, as for {@code produce}. Split is {@code train},
 * {@code held-out} or {@code test}; {@code val} is left out; blank leaves it to the hash of the id. {@code probe} is refused: it marks
 * classes that are never trained, and here the protocol says which those are.
 */
final class Manifest {
    private final Path file;
    private final Path root;
    private final List<ListedImage> listed = new ArrayList<>();
    private int validation;

    private Manifest(Path file, Path root) {
        this.file = file;
        this.root = root;
    }

    /** @param images the folder that paths start from; empty: the manifest's own */
    static ImageSet read(Path file, Optional<Path> images) throws DataException {
        Manifest manifest = new Manifest(file, images.orElse(file.toAbsolutePath().getParent()));
        try {
            manifest.parse(Files.readString(file));
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
            throw new DataException("The manifest cannot be read as a table in UTF-8 [file: %s, cause: %s]"
                    .formatted(file, String.valueOf(e.getMessage()).lines().findFirst().orElse("")), e);
        }
        List<String> notes = manifest.validation == 0 ? List.of()
                : List.of("Images of the split val are left out [manifest: %s, images: %d]".formatted(file, manifest.validation));
        String name = file.getFileName().toString().replaceFirst("\\.[^.]+$", "");
        return WholeSet.of(name, file, List.of(), manifest.listed, notes);
    }

    private void parse(String text) throws IOException, DataException {
        String table = text.startsWith("\uFEFF") ? text.substring(1) : text;
        boolean tabs = table.lines().findFirst().orElse("").contains("\t");
        CSVFormat.Builder format = CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).setIgnoreHeaderCase(true)
                .setTrim(true).setIgnoreEmptyLines(true).setAllowMissingColumnNames(true)
                .setDuplicateHeaderMode(DuplicateHeaderMode.ALLOW_EMPTY);
        if (tabs) {
            format.setDelimiter('\t').setQuote(null); // tab-separated files hold quotes as they are
        }
        try (CSVParser parser = CSVParser.parse(table, format.get())) {
            List<String> header = parser.getHeaderNames().stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
            if (!header.contains("file") || !header.contains("label")) {
                throw new DataException(
                        "The manifest's first line must name the columns file and label, and may name split and id [file: %s, found: %s]"
                                .formatted(file, String.join(" ", header)));
            }
            for (CSVRecord line : parser) {
                add(line, "%s:%d".formatted(file, parser.getCurrentLineNumber()));
            }
        }
    }

    private void add(CSVRecord line, String where) throws DataException {
        String path = cell(line, "file").orElseThrow(() -> new DataException("A line of the manifest has no file [line: " + where + "]"));
        String label = cell(line, "label")
                .orElseThrow(() -> new DataException("A line of the manifest has no label [line: " + where + "]"));
        Optional<String> split = cell(line, "split");
        if (split.equals(Optional.of("val"))) {
            validation++;
            return;
        }
        Optional<DataPart> part = split.isEmpty() ? Optional.empty() : Optional.of(part(split.get(), where));
        listed.add(new ListedImage(cell(line, "id").orElse(path), label, part, find(path, where)));
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

    private Path find(String path, String where) throws DataException {
        try {
            Path direct = root.resolve(path);
            Path inFolder = root.resolve("images").resolve(path);
            return !Files.exists(direct) && Files.exists(inFolder) ? inFolder : direct;
        } catch (InvalidPathException e) {
            throw new DataException("A line of the manifest names an impossible file [line: " + where + "]", e);
        }
    }

    private static Optional<String> cell(CSVRecord line, String column) {
        return line.isMapped(column) && line.isSet(column) && !line.get(column).isBlank() ? Optional.of(line.get(column))
                : Optional.empty();
    }
}
