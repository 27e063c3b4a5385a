package dev.promptgate.cli.produce;

import dev.promptgate.cli.demo.DemoPlan;
import dev.promptgate.clip.failure.FirstLine;
import dev.promptgate.experiments.data.ListedImage;
import dev.promptgate.messaging.record.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** One image to push: a name for people, its key, and its split, null to leave it to the hash of the id. */
record PushedImage(String name, Content content, String id, String label, Split split) {
    @FunctionalInterface
    interface Content {
        byte[] read(int limit) throws IOException;
    }

    /** The bundled sample stream in the order in which the demo plays it: the classes wave by wave, 20 of them as probes. */
    static List<PushedImage> sample(long seed, String idPrefix) {
        return DemoPlan.sample(seed).images()
                .map(planned -> new PushedImage(planned.image().id(), limit -> planned.image().bytes().read(),
                        idPrefix + planned.image().id(), planned.image().label(), planned.split()))
                .toList();
    }

    /** @param other for an image whose source names no split */
    static PushedImage of(ListedImage listed, String idPrefix, Split other) {
        Split split = listed.split().map(found -> switch (found) {
            case TRAIN -> Split.TRAIN;
            case HELD_OUT, VALIDATION -> Split.HELD_OUT;
            case PROBE -> Split.PROBE;
        }).orElse(other);
        return new PushedImage(listed.file().toString(), limit -> read(listed.file(), limit), idPrefix + listed.id(), listed.label(),
                split);
    }

    private static byte[] read(Path file, int limit) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("no such file");
        }
        if (Files.size(file) > limit) {
            throw new IOException("larger than images.max-bytes");
        }
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new IOException("cannot be read (%s)".formatted(FirstLine.of(e)), e);
        }
    }

    /** @throws IOException whose message says in a few words why it cannot be pushed */
    byte[] bytes(int limit) throws IOException {
        return content.read(limit);
    }
}
