package dev.promptgate.messaging.record;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.messaging.classes.ClassState;
import dev.promptgate.messaging.command.GateCommand;
import dev.promptgate.messaging.command.GateCommand.InvalidCommandException;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import dev.promptgate.testing.fuzz.DecoderFuzz;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** 100,000 damaged records for each decoder: key, value, names and values of headers. */
class RecordFuzzTest {
    private static final int INPUTS = 100_000;

    @Test
    void labelledImages() {
        LabelledImage image = new LabelledImage("id-1", "red apple", Split.HELD_OUT, new byte[200], 0);
        LabelledImage plain = new LabelledImage("id-2", "zebra 🦓", null, new byte[] {1, 2, 3}, 0);
        DecoderFuzz.Outcome outcome = new DecoderFuzz("labelled image", InvalidRecordException.class, input -> 8L * input.length + 65_536)
                .run(INPUTS, List.of(flat(image.encode("t")), flat(plain.encode("t"))), bytes -> LabelledImage.decode(record(bytes)));
        assertTrue(outcome.decoded() > 1_000 && outcome.refused() > 1_000, outcome.toString());
    }

    @Test
    void referencesAndEvents() {
        ImageReference reference = new ImageReference(URI.create("https://images.example.org/1.jpg?q=1"), OptionalLong.of(77),
                Optional.of("0123456789abcdef".repeat(4)));
        ProducerRecord<byte[], byte[]> list = new LabelledImage("id-1", "red apple", Split.PROBE, reference, 0).encode("t");
        byte[] json = "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/s\",\"type\":\"t\",\"label\":\"cat\",\"data_base64\":\"AQID\"}"
                .getBytes(StandardCharsets.UTF_8);
        ProducerRecord<byte[], byte[]> structured = new ProducerRecord<>("t", null, json);
        structured.headers().add("content-type", "application/cloudevents+json".getBytes(StandardCharsets.UTF_8));
        ProducerRecord<byte[], byte[]> binary = new LabelledImage("id-2", "zebra", null, new byte[] {1, 2, 3}, 0).encode("t");
        Stream.of("ce_specversion=1.0", "ce_id=1", "ce_source=/s", "ce_type=t", "ce_time=2026-01-01T00:00:00Z", "ce_dataref=s3://b/k")
                .map(header -> header.split("="))
                .forEach(header -> binary.headers().add(header[0], header[1].getBytes(StandardCharsets.UTF_8)));
        DecoderFuzz.Outcome outcome = new DecoderFuzz("event", InvalidRecordException.class, input -> 256L * input.length + 262_144)
                .run(INPUTS, List.of(flat(list), flat(structured), flat(binary)), bytes -> LabelledImage.decode(record(bytes)));
        assertTrue(outcome.decoded() > 1_000 && outcome.refused() > 1_000, outcome.toString());
    }

    @Test
    void imageFeatures() {
        float[] vector = new float[64];
        vector[3] = 1;
        ImageFeature feature = new ImageFeature("id-1", "red apple", Split.TRAIN, "sha256:0123", vector, 1_700_000_000_000L,
                new SourcePosition(2, 77));
        DecoderFuzz.Outcome outcome = new DecoderFuzz("image feature", InvalidRecordException.class, input -> 8L * input.length + 65_536)
                .run(INPUTS, List.of(flat(feature.encode("t"))), bytes -> ImageFeature.decode(record(bytes)));
        assertTrue(outcome.decoded() > 1_000 && outcome.refused() > 1_000, outcome.toString());
    }

    @Test
    void classStates() {
        ProducerRecord<byte[], byte[]> retired = new ClassState("red apple", true, Optional.empty()).encode("t");
        ProducerRecord<byte[], byte[]> described = new ClassState("n1", false, Optional.of("zebra 🦓")).encode("t");
        DecoderFuzz.Outcome outcome = new DecoderFuzz("class state", InvalidRecordException.class, input -> 64L * input.length + 65_536)
                .run(INPUTS, List.of(flat(retired), flat(described)), bytes -> {
                    ConsumerRecord<byte[], byte[]> record = record(bytes);
                    if (ClassState.isIn(record)) {
                        ClassState.decode(record);
                    } else {
                        ImageFeature.decode(record);
                    }
                });
        assertTrue(outcome.decoded() > 1_000 && outcome.refused() > 1_000, outcome.toString());
    }

    @Test
    void gateCommands() {
        byte[] rollback = new GateCommand("id", GateCommand.Action.ROLLBACK, OptionalLong.of(3), "because", "me", 1_700_000_000_000L)
                .encode();
        byte[] pause = new GateCommand("id", GateCommand.Action.PAUSE, OptionalLong.empty(), "", "", 0).encode();
        DecoderFuzz.Outcome outcome = new DecoderFuzz("gate command", InvalidCommandException.class, input -> 64L * input.length + 65_536)
                .run(INPUTS, List.of(rollback, pause), GateCommand::decode);
        assertTrue(outcome.decoded() > 100 && outcome.refused() > 1_000, outcome.toString());
    }

    /** Key, value and headers in one array, so that all of it can be damaged. */
    private static byte[] flat(ProducerRecord<byte[], byte[]> record) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            write(out, record.key() == null ? new byte[0] : record.key());
            write(out, record.value());
            for (Header header : record.headers()) {
                write(out, header.key().getBytes(StandardCharsets.UTF_8));
                write(out, header.value());
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeShort(bytes.length);
        out.write(bytes);
    }

    private static ConsumerRecord<byte[], byte[]> record(byte[] flat) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(flat));
        byte[] key = read(in);
        byte[] value = read(in);
        RecordHeaders headers = new RecordHeaders();
        while (in.available() >= 2) {
            byte[] name = read(in);
            headers.add(name == null ? "" : new String(name, StandardCharsets.UTF_8), read(in));
        }
        return new ConsumerRecord<>("t", 0, 0, 0, TimestampType.CREATE_TIME, 0, 0, key, value, headers, Optional.empty());
    }

    /** As much as is there; null for a negative length. */
    private static byte[] read(DataInputStream in) throws IOException {
        if (in.available() < 2) {
            return null;
        }
        int length = in.readShort();
        return length < 0 ? null : in.readNBytes(length);
    }
}
