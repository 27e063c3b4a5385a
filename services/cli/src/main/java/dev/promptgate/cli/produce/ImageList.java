package dev.promptgate.cli.produce;

import dev.promptgate.bundled.SampleStream;
import dev.promptgate.cli.demo.DemoPlan;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.messaging.record.WireName;
import dev.promptgate.service.settings.InvalidSettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The images to push: a folder tree with a folder per class, a manifest, or the bundled sample stream. */
final class ImageList {
    /**
     * One image.
     *
     * @param name for people: its file
     * @param id its key; the path below the root unless the manifest says otherwise
     * @param split null leaves it to the hash of the id
     */
    record Item(String name, Content content, String id, String label, Split split) {}

    /** Where an image's bytes come from. */
    @FunctionalInterface
    interface Content {
        /** The bytes, or nothing and why not if they are more than the limit or not there. */
        Bytes read(int limit) throws IOException;
    }

    /**
     * What was read.
     *
     * @param value null if there is a problem
     * @param problem null if there is none
     */
    record Bytes(byte[] value, String problem) {}

    private ImageList() {}

    /** The bundled sample stream in the order in which the demo plays it: the classes wave by wave, 20 of them as probes. */
    static List<Item> sample(long seed) {
        return DemoPlan.of(seed).waves().stream().flatMap(wave -> wave.images().stream()).map(image -> new Item(image.entry().file(),
                limit -> new Bytes(SampleStream.bytes(image.entry()), null), image.entry().file(), image.entry().label(), image.split()))
                .toList();
    }

    static List<Item> read(Path source) throws IOException {
        if (Files.isDirectory(source)) {
            return fromFolders(source);
        }
        if (Files.isRegularFile(source)) {
            return fromManifest(source);
        }
        throw new IOException("There is neither a folder nor a manifest here [path: " + source + "]");
    }

    private static List<Item> fromFolders(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).filter(file -> file.getParent() != null && !file.getParent().equals(root)).sorted()
                    .map(file -> item(file, root.relativize(file).toString().replace('\\', '/'), file.getParent().getFileName().toString(),
                            null))
                    .toList();
        }
    }

    private static List<Item> fromManifest(Path manifest) throws IOException {
        List<String> lines = Files.readAllLines(manifest);
        if (lines.isEmpty()) {
            throw new IOException("The manifest is empty [file: " + manifest + "]");
        }
        String separator = lines.get(0).contains("\t") ? "\t" : ",";
        List<String> header = Arrays.stream(lines.get(0).split(separator)).map(name -> name.strip().toLowerCase(Locale.ROOT)).toList();
        if (!header.contains("file") || !header.contains("label")) {
            throw new IOException(
                    "The manifest's first line must name the columns file and label, and may name split and id [file: %s, found: %s]"
                            .formatted(manifest, lines.get(0)));
        }
        Path root = Optional.ofNullable(manifest.toAbsolutePath().getParent()).orElseThrow();
        List<Item> items = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                items.add(item(root, header, lines.get(i).split(separator, -1), manifest + ":" + (i + 1)));
            }
        }
        return items;
    }

    private static Item item(Path root, List<String> header, String[] cells, String where) {
        String file = cell(header, cells, "file")
                .orElseThrow(() -> new InvalidSettingsException(List.of("A line of the manifest has no file [line: " + where + "]")));
        String label = cell(header, cells, "label")
                .orElseThrow(() -> new InvalidSettingsException(List.of("A line of the manifest has no label [line: " + where + "]")));
        Split split = cell(header, cells, "split")
                .map(name -> WireName.parse(Split.class, name).orElseThrow(() -> new InvalidSettingsException(
                        List.of("A split must be train, held-out or probe [line: %s, split: %s]".formatted(where, name)))))
                .orElse(null);
        Path path = root.resolve(file);
        // The sample stream keeps its files in a folder beside the manifest.
        Path found = Files.exists(path) ? path : root.resolve("images").resolve(file);
        return item(Files.exists(found) ? found : path, cell(header, cells, "id").orElse(file), label, split);
    }

    private static Item item(Path file, String id, String label, Split split) {
        return new Item(file.toString(), limit -> {
            if (!Files.isRegularFile(file)) {
                return new Bytes(null, "no such file");
            }
            return Files.size(file) > limit ? new Bytes(null, "larger than images.max-bytes") : new Bytes(Files.readAllBytes(file), null);
        }, id, label, split);
    }

    private static Optional<String> cell(List<String> header, String[] cells, String column) {
        int at = header.indexOf(column);
        return at < 0 || at >= cells.length || cells[at].isBlank() ? Optional.empty() : Optional.of(cells[at].strip());
    }
}
