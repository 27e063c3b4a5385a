package dev.promptgate.experiments.data;

import dev.promptgate.clip.failure.FirstLine;
import dev.promptgate.clip.textfile.TextFile;
import dev.promptgate.clip.textfile.TextFile.UnreadableTextException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;

/**
 * A table of images with a header that names the columns {@code file} and {@code label}, and maybe {@code split} and {@code id}: separated
 * by tabs, commas or semicolons, cells quoted where they must be, as spreadsheets and pandas write it.
 */
final class ManifestTable {
    private static final List<Character> DELIMITERS = List.of('\t', ';', ',');
    /** What Excel may write before the header. */
    private static final Pattern DELIMITER_LINE = Pattern.compile("(?i)\\s*sep=(.)[ \\t]*(?=[\\r\\n])");
    private static final Pattern FIRST_LINE = Pattern.compile("\\s*([^\\r\\n]*)");

    private ManifestTable() {}

    /** Its images; paths start from {@code images} or, if empty, the manifest's own folder. */
    static Listing read(Path manifest, Optional<Path> images) throws DataException {
        Path root = images.orElse(manifest.toAbsolutePath().getParent());
        List<ListedImage> listed = new ArrayList<>();
        try (CSVParser parser = parser(TextFile.read(manifest))) {
            List<String> header = lowerCase(parser);
            if (!isHeader(header)) {
                throw new DataException(
                        "The manifest's first line must name the columns file and label, and may name split and id [file: %s, found: %s]"
                                .formatted(manifest, String.join(" ", header)));
            }
            for (CSVRecord cells : parser) {
                listed.add(new ManifestLine(cells, root, "%s:%d".formatted(manifest, parser.getCurrentLineNumber())).image());
            }
        } catch (UnreadableTextException e) {
            throw new DataException(e.getMessage(), e);
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
            throw new DataException("The manifest cannot be read as a table; are its quotes in pairs? [file: %s, cause: %s]".formatted(
                    manifest, FirstLine.of(e instanceof UncheckedIOException ? e.getCause() : e)), e);
        }
        String name = manifest.getFileName().toString().replaceFirst("\\.[^.]+$", "");
        return Listing.of(new Listing(name, List.of(), listed, List.of(), List.of()), manifest.toString());
    }

    private static CSVParser parser(String text) throws IOException {
        Matcher said = DELIMITER_LINE.matcher(text);
        if (said.lookingAt()) {
            return CSVParser.parse(text.substring(said.end()), format(said.group(1).charAt(0), DuplicateHeaderMode.ALLOW_EMPTY));
        }
        Matcher first = FIRST_LINE.matcher(text);
        String header = first.lookingAt() ? first.group(1) : "";
        char delimiter = DELIMITERS.stream().filter(candidate -> isHeader(names(header, candidate))).findFirst().orElse(',');
        return CSVParser.parse(text, format(delimiter, DuplicateHeaderMode.ALLOW_EMPTY));
    }

    private static List<String> names(String header, char delimiter) {
        try (CSVParser parser = CSVParser.parse(header, format(delimiter, DuplicateHeaderMode.ALLOW_ALL))) {
            return lowerCase(parser);
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
            return List.of(); // not separated by this
        }
    }

    private static List<String> lowerCase(CSVParser parser) {
        return parser.getHeaderNames().stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    }

    private static boolean isHeader(List<String> names) {
        return Stream.of(ManifestLine.FILE, ManifestLine.LABEL).allMatch(names::contains);
    }

    private static CSVFormat format(char delimiter, DuplicateHeaderMode duplicates) {
        return CSVFormat.DEFAULT.builder().setDelimiter(delimiter).setHeader().setSkipHeaderRecord(true).setIgnoreHeaderCase(true)
                .setTrim(true).setIgnoreSurroundingSpaces(true).setIgnoreEmptyLines(true).setAllowMissingColumnNames(true)
                .setDuplicateHeaderMode(duplicates).get();
    }
}
