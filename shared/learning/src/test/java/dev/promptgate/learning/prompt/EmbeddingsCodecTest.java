package dev.promptgate.learning.prompt;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.testing.fuzz.DecoderFuzz;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class EmbeddingsCodecTest {
    private static final int DIM = 8;
    private static final List<String> NAMES = List.of("crème brûlée", "bus \"x\"", "a/b", "zebra", "Übergröße");

    private static ClassEmbeddings embeddings(List<String> names) {
        Random random = new Random(3);
        float[][] features = new float[names.size()][DIM];
        for (float[] feature : features) {
            double square = 0;
            for (int i = 0; i < DIM; i++) {
                feature[i] = (float) random.nextGaussian();
                square += feature[i] * feature[i];
            }
            for (int i = 0; i < DIM; i++) {
                feature[i] /= (float) Math.sqrt(square);
            }
        }
        return new ClassEmbeddings(new ClassEmbeddings.Source("default", 7, "sha256:abc", 13.5f), names, features);
    }

    private static List<EmbeddingsPart> decode(List<byte[]> parts) throws UnreadablePromptException {
        List<EmbeddingsPart> decoded = new ArrayList<>();
        for (byte[] part : parts) {
            decoded.add(EmbeddingsCodec.decode(part));
        }
        return decoded;
    }

    @ParameterizedTest
    @CsvSource({"FLOAT32, 1, 5", "FLOAT32, 110, 3", "FLOAT32, 100000, 1", "FLOAT16, 1, 5", "FLOAT16, 80, 3", "FLOAT16, 100000, 1"})
    void comesBackAsItWentInPartsBelowTheBound(EmbeddingType type, int maxBytes, int parts) throws UnreadablePromptException {
        ClassEmbeddings sent = embeddings(NAMES);
        List<byte[]> bytes = EmbeddingsCodec.encode(sent, type, maxBytes);
        assertEquals(parts, bytes.size());
        ClassEmbeddings back = EmbeddingsCodec.join(decode(bytes));
        assertEquals(sent.source(), back.source());
        assertEquals(sent.classes(), back.classes());
        for (int c = 0; c < NAMES.size(); c++) {
            // Rounding to 11 bits is off by 2^-12 of a value at most.
            assertArrayEquals(sent.textFeatures()[c], back.textFeatures()[c], type == EmbeddingType.FLOAT32 ? 0 : 0x1p-12f);
        }
        assertEquals(bytes.size(), EmbeddingsCodec.encode(back, type, maxBytes).size());
        assertArrayEquals(bytes.get(0), EmbeddingsCodec.encode(back, type, maxBytes).get(0), "and goes again as it came");
    }

    /** As brokers and the evaluator have it: 10,000 classes of ViT-B/16's width are below 1 MiB each. */
    @Test
    void aPartIsNoLargerThanItsBoundAndAHeader() {
        List<String> names = IntStream.range(0, 3_000).mapToObj(i -> "\"specimen\\" + "é".repeat(i % 100) + i).toList();
        for (byte[] part : EmbeddingsCodec.encode(embeddings(names), EmbeddingType.FLOAT32, 50_000)) {
            assertTrue(part.length < 51_000, part.length + " bytes");
        }
    }

    @ParameterizedTest
    @EnumSource(EmbeddingType.class)
    void partsOfTwoSetsAreNeverOne(EmbeddingType type) throws UnreadablePromptException {
        List<EmbeddingsPart> some = decode(EmbeddingsCodec.encode(embeddings(NAMES), type, 1));
        List<EmbeddingsPart> others = decode(EmbeddingsCodec.encode(embeddings(List.of("a", "b", "c", "d", "e")), type, 1));
        assertFalse(some.get(0).set().equals(others.get(0).set()));
        List<EmbeddingsPart> mixed = new ArrayList<>(some);
        mixed.set(2, others.get(2));
        assertThrows(UnreadablePromptException.class, () -> EmbeddingsCodec.join(mixed));
        assertThrows(UnreadablePromptException.class, () -> EmbeddingsCodec.join(some.subList(0, 4)));
    }

    @Test
    void aClassThatStandsTwiceIsRefused() {
        assertThrows(UnreadablePromptException.class,
                () -> EmbeddingsCodec.join(decode(EmbeddingsCodec.encode(embeddings(List.of("a", "b", "a")), EmbeddingType.FLOAT32, 1))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"\"version\":\"7\" | \"version\":\"0\"", "\"part\":\"0\" | \"part\":\"1\"",
            "\"part\":\"0\" | \"part\":\"x\"", "\"parts\":\"1\" | \"parts\":\"0\"", "\"logit_scale\":\"13.5\" | \"logit_scale\":\"NaN \"",
            "\"logit_scale\":\"13.5\" | \"logit_scale\":\"-3.5\"", "\"logit_scale\":\"13.5\" | \"logit_scale\":\"9999\"",
            "\"dtype\":\"float32\" | \"dtype\":\"float16\"", "\"dtype\":\"float32\" | \"dtype\":\"float64\"", "sha256:a | sha256:A",
            "text_features | text_featurez", "[2,8] | [1,8]", "[\\\"zebra | [null  /*"})
    void whatIsNoneOfASetIsRefused(String found, String instead) {
        String text = new String(EmbeddingsCodec.encode(embeddings(List.of("zebra", "b")), EmbeddingType.FLOAT32),
                StandardCharsets.ISO_8859_1);
        String changed = found.startsWith("sha") ? text.replaceAll("\"digest\":\"sha256:.", "\"digest\":\"sha256:G")
                : text.replace(found, instead);
        assertFalse(changed.equals(text));
        UnreadablePromptException refused = assertThrows(UnreadablePromptException.class,
                () -> EmbeddingsCodec.decode(changed.getBytes(StandardCharsets.ISO_8859_1)));
        assertTrue(refused.getMessage().startsWith("The embeddings") && refused.getMessage().lines().count() == 1, refused.getMessage());
    }

    @Test
    void whatIsNotOfLengthOneIsRefused() {
        for (float wrong : new float[] {0, 2, Float.NaN, Float.POSITIVE_INFINITY}) {
            ClassEmbeddings embeddings = embeddings(NAMES);
            embeddings.textFeatures()[3][5] = wrong;
            for (EmbeddingType type : EmbeddingType.values()) {
                assertThrows(UnreadablePromptException.class, () -> EmbeddingsCodec.decode(EmbeddingsCodec.encode(embeddings, type)));
            }
        }
    }

    @Test
    void damagedPartsArePartsOrRefused() {
        DecoderFuzz.Outcome outcome = new DecoderFuzz("embeddings", UnreadablePromptException.class,
                input -> 64L * input.length + 131_072).run(50_000,
                        List.of(EmbeddingsCodec.encode(embeddings(NAMES), EmbeddingType.FLOAT32),
                                EmbeddingsCodec.encode(embeddings(NAMES), EmbeddingType.FLOAT16, 1).get(4)),
                        EmbeddingsCodec::decode);
        assertTrue(outcome.decoded() > 100 && outcome.refused() > 1_000, outcome.toString());
    }
}
