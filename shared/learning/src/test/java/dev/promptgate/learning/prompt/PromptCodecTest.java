package dev.promptgate.learning.prompt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.clip.text.Context;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromptCodecTest {
    private final Prompt prompt = new Prompt(new Context(2, 3, new float[] {1, -2, 3, 4, 5.5f, -6}),
            new PromptMetadata("default", 7, 6, "sha256:abc", 1_700_000_000_000L,
                    new PromptMetadata.Origin(List.of("crème brûlée", "bus \"x\""), "a photo", Map.of("method", "gcscoop"),
                            Map.of(0, 10L, 3, 4L), Map.of("bus", 5L)),
                    Map.of("outcome", "pass")));

    @Test
    void comesBackAsItWent() throws UnreadablePromptException {
        Prompt back = PromptCodec.decode(PromptCodec.encode(prompt));
        assertArrayEquals(prompt.context().values(), back.context().values());
        assertEquals(prompt.metadata(), back.metadata());
    }

    @Test
    void aVerdictCarriesTheCalibrationAndNothingElseUnderItsNames() throws Exception {
        PromptCalibration calibration = new PromptCalibration(1.1, 0.625, 0.05);
        assertEquals(calibration, decoded(verdict(calibration)).calibration());
        PromptCalibration never = new PromptCalibration(0.9, Double.NaN, 0.05);
        assertEquals(never, decoded(verdict(never)).calibration());
        assertEquals(Map.of(), verdict(PromptCalibration.NONE));
        assertEquals(PromptCalibration.NONE, decoded(Map.of("outcome", "pass")).calibration(), "an older evaluator's rollout");
        assertEquals(50f, calibration(2).logitScale(100));
        for (Map.Entry<String, String> bad : List.of(Map.entry("temperature", "0"), Map.entry("temperature", "NaN"),
                Map.entry("temperature", "warm\n"), Map.entry("threshold", "1.5"), Map.entry("target_error", "-1"))) {
            UnreadablePromptException e = assertThrows(UnreadablePromptException.class, () -> decoded(Map.ofEntries(bad)), bad.toString());
            assertTrue(e.getMessage().lines().count() == 1 && e.getMessage().contains(bad.getKey()), e.getMessage());
        }
    }

    private static PromptCalibration calibration(double temperature) {
        return new PromptCalibration(temperature, Double.NaN, 0.05);
    }

    private static Map<String, String> verdict(PromptCalibration calibration) {
        Map<String, String> verdict = new TreeMap<>();
        calibration.putInto(verdict);
        return verdict;
    }

    private PromptMetadata decoded(Map<String, String> verdict) throws UnreadablePromptException {
        return PromptCodec.decode(PromptCodec.encode(new Prompt(prompt.context(), prompt.metadata().withVerdict(verdict)))).metadata();
    }

    @Test
    void descriptionsComeBackAsTheyWentAndLeaveNothingBehindWhereThereAreNone() throws UnreadablePromptException {
        PromptMetadata about = prompt.metadata();
        Descriptions descriptions = new Descriptions(Map.of("n1", "bus \"y\"", "n0", "crème"));
        PromptMetadata described = new PromptMetadata(about.prompt(), 7, 6, about.modelFingerprint(), about.createdAt(),
                new PromptMetadata.Origin(List.of("n0", "n2"), "a photo", about.training(), about.featureOffsets(), Map.of(),
                        descriptions),
                about.verdict());
        PromptMetadata back = PromptCodec.decode(PromptCodec.encode(new Prompt(prompt.context(), described))).metadata();
        assertEquals(described, back);
        assertEquals(List.of("crème", "n2"), back.descriptions().texts(back.classes()));
        assertEquals(back.descriptions(), back.withVerdict(Map.of()).descriptions(), "a rollout carries them as its candidate does");
        assertFalse(new String(PromptCodec.encode(prompt), StandardCharsets.UTF_8).contains("descriptions"));
    }

    @Test
    void damagedDescriptionsAreRefused() {
        PromptMetadata about = prompt.metadata();
        byte[] bytes = PromptCodec.encode(new Prompt(prompt.context(),
                new PromptMetadata(about.prompt(), 7, 6, about.modelFingerprint(), about.createdAt(),
                        new PromptMetadata.Origin(List.of("n0"),
                                "a photo", Map.of(), Map.of(), Map.of(), new Descriptions(Map.of("n0", "cats"))),
                        Map.of())));
        for (String damaged : List.of("null  ", "[1, 2]", "{  }  ")) {
            String text = new String(bytes, StandardCharsets.ISO_8859_1).replace("\\\"cats\\\"", "%-8s".formatted(damaged));
            assertTrue(assertThrows(UnreadablePromptException.class, () -> PromptCodec.decode(text.getBytes(StandardCharsets.ISO_8859_1)))
                    .getMessage().contains("descriptions"), damaged);
        }
    }

    /** More than 1 MiB; compressed, as learner and evaluator send it, it fits a topic. */
    @Test
    void twentyThousandClassesComeBackAndFitARecord() throws Exception {
        List<String> classes = IntStream.range(0, 20_000).mapToObj("specimen of class %d"::formatted).toList();
        Map<String, Long> readyAt = new TreeMap<>();
        Random random = new Random(1);
        classes.forEach(name -> readyAt.put(name, 1_700_000_000_000L + random.nextInt(1_000_000_000)));
        PromptMetadata about = prompt.metadata();
        PromptMetadata many = new PromptMetadata(about.prompt(), 7, 6, about.modelFingerprint(), about.createdAt(),
                new PromptMetadata.Origin(classes, "a photo", about.training(), about.featureOffsets(), readyAt), about.verdict());
        byte[] bytes = PromptCodec.encode(new Prompt(prompt.context(), many));
        assertTrue(bytes.length > 1 << 20);
        assertEquals(many, PromptCodec.decode(bytes).metadata());
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(bytes);
        }
        assertTrue(compressed.size() < 1 << 20, compressed.size() + " bytes");
    }

    @Test
    void tensorIsAlignedAndLittleEndian() {
        byte[] bytes = PromptCodec.encode(prompt);
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int header = (int) in.getLong();
        assertEquals(0, header % 8);
        assertEquals(1f, in.getFloat(8 + header));
        assertEquals(8 + header + 24, bytes.length);
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] bytes = PromptCodec.encode(prompt);
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            UnreadablePromptException e = assertThrows(UnreadablePromptException.class, () -> PromptCodec.decode(cut));
            assertFalse(e.getMessage().contains("\n"));
        }
    }

    @Test
    void valuesThatAreNotFiniteAreRefused() {
        Prompt broken = new Prompt(prompt.context().withValues(new float[] {1, Float.NaN, 3, 4, 5, 6}),
                prompt.metadata());
        assertTrue(assertThrows(UnreadablePromptException.class, () -> PromptCodec.decode(PromptCodec.encode(broken))).getMessage()
                .contains("finite"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"\\\"bus\\\":5 | \\\"bus\\\":-5", "\\\"3\\\":4 | \\\"3\\\":null",
            "\\\"3\\\":4 | \\\"3\\\":9223372036854775807", "\"version\":\"7\" | \"version\":\"9223372036854775807\"",
            "\"version\":\"7\" | \"version\":\"-7\"", "\\\"gcscoop\\\" | null", "[\\\"crème | [null,\\\"crème"})
    void metadataThatCannotBeIsRefused(String right, String wrong) {
        byte[] bytes = PromptCodec.encode(prompt);
        int length = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        String header = new String(bytes, 8, length, StandardCharsets.UTF_8);
        assertTrue(header.contains(right), header);
        byte[] other = header.replace(right, wrong).getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(8 + other.length + bytes.length - 8 - length).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(other.length).put(other).put(bytes, 8 + length, bytes.length - 8 - length);
        UnreadablePromptException e = assertThrows(UnreadablePromptException.class, () -> PromptCodec.decode(out.array()));
        assertTrue(e.getMessage().contains("[key: "), e.getMessage());
    }

    @Test
    void mutatedBytesGiveAPromptOrAnUnreadablePromptException() {
        byte[] bytes = PromptCodec.encode(prompt);
        Random random = new Random(2);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] mutated = bytes.clone();
            for (int n = random.nextInt(6); n >= 0; n--) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
            }
            try {
                PromptCodec.decode(mutated);
            } catch (UnreadablePromptException e) {
                refused++;
            }
        }
        assertTrue(refused > 10_000, "refused " + refused);
    }
}
