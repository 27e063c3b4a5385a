package dev.promptgate.cli.produce;

import dev.promptgate.cli.demo.DemoPlan;
import dev.promptgate.clip.failure.FirstLine;
import dev.promptgate.experiments.data.ImageLocation;
import dev.promptgate.experiments.data.ListedImage;
import dev.promptgate.messaging.record.ImageReference;
import dev.promptgate.messaging.record.LabelRules;
import dev.promptgate.messaging.record.LabelledImage;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import dev.promptgate.messaging.record.Split;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.producer.ProducerRecord;

/** One image to push: a name for people, its key, and its split, null to leave it to the hash of the id. */
record PushedImage(String name, Content content, String id, String label, Split split) {
    /** What an image's record holds; read when it is its turn, from any thread. */
    @FunctionalInterface
    interface Content {
        Value read(int limit) throws IOException;
    }

    /** @param bytes none of an image that is only referred to */
    record Value(byte[] bytes, Optional<ImageReference> reference) {
        Value(byte[] bytes) {
            this(bytes, Optional.empty());
        }
    }

    /** The bundled sample stream in the order in which the demo plays it: the classes wave by wave, 20 of them as probes. */
    static List<PushedImage> sample(long seed, String idPrefix) {
        return DemoPlan.sample(seed).images()
                .map(planned -> new PushedImage(planned.image().id(), limit -> new Value(planned.image().bytes().read()),
                        idPrefix + planned.image().id(), planned.image().label(), planned.split()))
                .toList();
    }

    /**
     * @param other for an image whose source names no split
     * @param byReference whether its record says where the image is, instead of holding it
     */
    static PushedImage of(ListedImage listed, String idPrefix, Split other, boolean byReference) {
        Split split = listed.split().map(found -> switch (found) {
            case TRAIN -> Split.TRAIN;
            case HELD_OUT, VALIDATION -> Split.HELD_OUT;
            case PROBE -> Split.PROBE;
        }).orElse(other);
        ImageLocation location = listed.location();
        return new PushedImage(location.toString(), byReference ? limit -> reference(location) : limit -> bytes(location, limit),
                idPrefix + listed.id(), listed.label(), split);
    }

    private static Value bytes(ImageLocation location, int limit) throws IOException {
        if (size(location) > limit) {
            throw new IOException("larger than images.max-bytes");
        }
        byte[] bytes;
        try {
            bytes = location.start(limit + 1);
        } catch (IOException e) {
            throw new IOException("cannot be read (%s)".formatted(FirstLine.of(e)), e);
        }
        if (bytes.length > limit) { // it has grown since, or an archive unpacks to more than it says
            throw new IOException("larger than images.max-bytes");
        }
        return new Value(bytes);
    }

    private static Value reference(ImageLocation location) throws IOException {
        if (location.uri().getScheme().equals("jar")) {
            throw new IOException("it lies in an archive; unpack that, or leave out --by-reference");
        }
        return new Value(new byte[0], Optional.of(new ImageReference(location.uri(), OptionalLong.of(size(location)), Optional.empty())));
    }

    private static long size(ImageLocation location) throws IOException {
        if (!location.exists()) {
            throw new IOException("no such file");
        }
        return location.size();
    }

    /**
     * The record to push.
     *
     * @param limit the largest image in bytes, if it is in the record
     * @throws IOException whose message says in a few words why it cannot be pushed
     */
    ProducerRecord<byte[], byte[]> record(String topic, int limit) throws IOException {
        try {
            LabelRules.read(label.getBytes(StandardCharsets.UTF_8));
        } catch (InvalidRecordException e) {
            throw new IOException("its label breaks a rule (%s)".formatted(e.getMessage()), e);
        }
        Value value = content.read(limit);
        return new LabelledImage(id, label, split, value.bytes(), System.currentTimeMillis(), value.reference()).encode(topic);
    }
}
