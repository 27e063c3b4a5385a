package dev.promptgate.experiments.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.clip.textfile.TextFile;
import dev.promptgate.clip.textfile.TextFile.UnreadableTextException;
import dev.promptgate.experiments.data.ListedImage.ListedSplit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A split file of CoOp, {@code split_zhou_*.json}: {@code {"train": [[path, label index, class name], …], "val": …, "test": …}}. Classes
 * are in the order of their label indices. An image's id is its path.
 */
final class CoOpSplit {
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Entry(String path, int label, String name) {
        ListedImage listed(ListedSplit split, Path folder) {
            return new ListedImage(path, name, Optional.of(split), new ImageFile(folder.resolve(path)));
        }
    }

    private final Path file;
    private final Map<Integer, String> nameOf = new TreeMap<>();
    private final Map<String, Integer> labelOf = new HashMap<>();

    private CoOpSplit(Path file) {
        this.file = file;
    }

    /** @param images the folder that paths start from; empty: found beside the file */
    static Listing read(Path file, Optional<Path> images) throws DataException {
        CoOpSplit split = new CoOpSplit(file);
        JsonNode root = split.parse();
        Map<ListedSplit, List<Entry>> entries = new EnumMap<>(ListedSplit.class);
        entries.put(ListedSplit.TRAIN, split.entries(root, "train"));
        entries.put(ListedSplit.HELD_OUT, split.entries(root, "test"));
        entries.put(ListedSplit.VALIDATION, root.has("val") ? split.entries(root, "val") : List.of());
        List<String> classes = split.classes();
        Optional<Entry> first = entries.values().stream().flatMap(List::stream).findFirst();
        Path folder = images.isPresent() || first.isEmpty() ? images.orElse(file) : beside(file, first.get().path());
        List<ListedImage> listed = entries.entrySet().stream()
                .flatMap(list -> list.getValue().stream().map(entry -> entry.listed(list.getKey(), folder))).toList();
        String name = file.getFileName().toString().replaceFirst("\\.json$", "").replaceFirst("^split_zhou_", "");
        return Listing.of(new Listing(name, classes, listed, List.of(), List.of()), file.toString());
    }

    private JsonNode parse() throws DataException {
        try {
            JsonNode root = JSON.readTree(TextFile.read(file));
            if (root == null || !root.path("train").isArray() || !root.path("test").isArray()) {
                throw new DataException("A split file of CoOp holds an object with the lists train and test [file: " + file + "]");
            }
            return root;
        } catch (UnreadableTextException e) {
            throw new DataException(e.getMessage(), e);
        } catch (JsonProcessingException e) {
            throw new DataException(
                    "The split file is not whole JSON; fetch it again [file: %s, line: %d, column: %d, cause: %s]".formatted(file,
                            e.getLocation() == null ? 0 : e.getLocation().getLineNr(),
                            e.getLocation() == null ? 0 : e.getLocation().getColumnNr(),
                            e.getOriginalMessage().lines().findFirst().orElse("")),
                    e);
        }
    }

    private List<Entry> entries(JsonNode root, String list) throws DataException {
        if (!root.path(list).isArray()) {
            throw new DataException("In a split file of CoOp val is a list [file: " + file + "]");
        }
        List<Entry> entries = new ArrayList<>();
        for (JsonNode node : root.path(list)) {
            String where = "%s, entry: %s[%d]".formatted(file, list, entries.size());
            if (!node.isArray() || node.size() != 3 || !node.get(0).isTextual() || !node.get(1).isInt() || node.get(1).asInt() < 0
                    || !node.get(2).isTextual() || node.get(0).asText().isBlank() || node.get(2).asText().isBlank()) {
                throw new DataException("An entry of a split file must be [path, label index, class name] [file: " + where + "]");
            }
            Entry entry = new Entry(node.get(0).asText(), node.get(1).asInt(), node.get(2).asText());
            check(entry, where);
            entries.add(entry);
        }
        return entries;
    }

    private void check(Entry entry, String where) throws DataException {
        String name = nameOf.putIfAbsent(entry.label(), entry.name());
        if (name != null && !name.equals(entry.name())) {
            throw new DataException("A label index has two class names; the split file is damaged [file: %s, index: %d, names: %s and %s]"
                    .formatted(where, entry.label(), name, entry.name()));
        }
        Integer label = labelOf.putIfAbsent(entry.name(), entry.label());
        if (label != null && label != entry.label()) {
            throw new DataException("A class name has two label indices; the split file is damaged [file: %s, name: %s, indices: %d and %d]"
                    .formatted(where, entry.name(), label, entry.label()));
        }
        FileNames.requireReadable(entry.path());
        try {
            Path.of(entry.path());
        } catch (InvalidPathException e) {
            throw new DataException("An entry of a split file names an impossible file [file: " + where + "]", e);
        }
    }

    private List<String> classes() throws DataException {
        int expected = 0;
        for (int label : nameOf.keySet()) {
            if (label != expected++) {
                throw new DataException("A label index has no images; label indices run from 0 without a gap [file: %s, index: %d]"
                        .formatted(file, expected - 1));
            }
        }
        return List.copyOf(nameOf.values());
    }

    /**
     * The folder that paths start from: the one, beside the split file or its own, in which the first listed image lies; failing that the
     * only folder beside it. If that leaves none or several, the exception names the candidates.
     */
    private static Path beside(Path splitFile, String firstImage) throws DataException {
        Path own = splitFile.toAbsolutePath().getParent();
        try (Stream<Path> files = Files.list(own)) {
            List<Path> beside = files.filter(Files::isDirectory).sorted().toList();
            List<Path> holding = Stream.concat(Stream.of(own), beside.stream())
                    .filter(folder -> Files.isRegularFile(folder.resolve(firstImage))).toList();
            if (holding.size() == 1) {
                return holding.get(0);
            }
            if (holding.isEmpty() && beside.size() == 1) {
                return beside.get(0);
            }
            List<String> candidates = (holding.isEmpty() ? beside : holding).stream().map(folder -> folder.getFileName() + "/").toList();
            throw new DataException(
                    "Which folder holds the split file's images is not clear; name it [file: %s, first image: %s, candidates: %s]"
                            .formatted(splitFile, firstImage, candidates.isEmpty() ? "none" : DataException.counted(candidates)));
        } catch (IOException e) {
            throw new DataException("The split file's folder cannot be read [folder: %s, cause: %s]".formatted(own, e.getMessage()), e);
        }
    }
}
