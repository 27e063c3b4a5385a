package dev.promptgate.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Records that cannot be used, of several kinds in turn. */
final class Poison {
    /** How many kinds there are; each has an error code of its own. */
    static final int KINDS = 8;

    private Poison() {}

    static ProducerRecord<byte[], byte[]> record(String topic, int index) throws IOException {
        byte[] image = Images.file(index);
        return switch (index / 100 % KINDS) {
            case 0 -> record(topic, index, "cat", null, "no image".getBytes(StandardCharsets.UTF_8));
            case 1 -> record(topic, index, "cat", null, Arrays.copyOf(image, image.length / 2));
            case 2 -> record(topic, index, "cat", null, new byte[0]);
            case 3 -> record(topic, index, null, null, image);
            case 4 -> record(topic, index, " ", null, image);
            case 5 -> record(topic, index, "x".repeat(5_000), null, image);
            case 6 -> record(topic, index, "bell\u0007", null, image);
            default -> record(topic, index, "cat", "test", image);
        };
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, int index, String label, String split, byte[] value) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, ("poison-" + index).getBytes(StandardCharsets.UTF_8), value);
        if (label != null) {
            record.headers().add("label", label.getBytes(StandardCharsets.UTF_8));
        }
        if (split != null) {
            record.headers().add("split", split.getBytes(StandardCharsets.UTF_8));
        }
        return record;
    }
}
