package dev.promptgate.cli.produce;

import dev.promptgate.cli.demo.DemoPlan;
import dev.promptgate.experiments.data.DataException;
import dev.promptgate.experiments.data.ManifestTable;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.messaging.record.WireName;
import dev.promptgate.service.settings.InvalidSettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The images to push: a folder tree with a folder per class, a manifest, or the bundled sample stream. */
final class ImageList {
    /**
     * One image: a name for people, its file; its key, the path below the root unless the manifest says otherwise; a split, null to leave
     * it to the hash of the id.
     */
    record Item(String name, Content content, String id, String label, Split split) {}

    @FunctionalInterface
    interface Content {
        /** The bytes, or nothing and why not if they are more than the limit or not there. */
        Bytes read(int limit) throws IOException;
    }

    /** What was read: of value and problem one is null. */
    record Bytes(byte[] value, String problem) {}

    private ImageList() {}

    /** The bundled sample stream in the order in which the demo plays it: the classes wave by wave, 20 of them as probes. */
    static List<Item> sample(long seed) {
        return DemoPlan.sample(seed).images()
                .map(planned -> new Item(planned.image().id(), limit -> new Bytes(planned.image().bytes().read(), null),
                        planned.image().id(), planned.image().label(), planned.split()))
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
        List<ManifestTable.Line> lines;
        try {
            lines = ManifestTable.read(manifest, Optional.empty());
        } catch (DataException e) {
            throw new IOException(e.getMessage(), e);
        }
        return lines.stream().map(ImageList::item).toList();
    }

    private static Item item(ManifestTable.Line line) {
        try {
            Split split = null; // leaves it to the hash of the id
            if (line.split().isPresent()) {
                split = WireName.parse(Split.class, line.split().get()).orElseThrow(() -> new DataException(
                        "A split must be train, held-out or probe [line: %s, split: %s]".formatted(line.where(), line.split().get())));
            }
            return item(line.path(), line.id(), line.label(), split);
        } catch (DataException e) {
            throw new InvalidSettingsException(List.of(e.getMessage()));
        }
    }

    private static Item item(Path file, String id, String label, Split split) {
        return new Item(file.toString(), limit -> {
            if (!Files.isRegularFile(file)) {
                return new Bytes(null, "no such file");
            }
            return Files.size(file) > limit ? new Bytes(null, "larger than images.max-bytes") : new Bytes(Files.readAllBytes(file), null);
        }, id, label, split);
    }
}
