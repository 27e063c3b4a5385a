package dev.promptgate.clip.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SafetensorsHeaderTest {
    private static final int MAX_BYTES = 1 << 10;

    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final byte[] file;

    SafetensorsHeaderTest() {
        metadata.put("format", "pt");
        metadata.put("classes", "[\"crème brûlée\",\"bus \\\"x\\\"\"]");
        ByteBuffer begun = SafetensorsHeader.begin(metadata, "ctx", 2, 3);
        for (int i = 0; i < 6; i++) {
            begun.putFloat(i);
        }
        file = begun.array();
    }

    /** Prompts lie on a topic for good and their signatures cover every byte: the layout must not change. */
    @Test
    void theBytesAreTheseForEver() {
        String json = "{\"__metadata__\":{\"format\":\"pt\",\"classes\":\"[\\\"crème brûlée\\\",\\\"bus \\\\\\\"x\\\\\\\"\\\"]\"},"
                + "\"ctx\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[0,24]}}";
        byte[] text = json.getBytes(StandardCharsets.UTF_8);
        int length = (text.length + 7) / 8 * 8;
        ByteBuffer expected = ByteBuffer.allocate(8 + length + 24).order(ByteOrder.LITTLE_ENDIAN).putLong(length).put(text);
        while (expected.position() < 8 + length) {
            expected.put((byte) ' ');
        }
        for (int i = 0; i < 6; i++) {
            expected.putFloat(i);
        }
        assertArrayEquals(expected.array(), file);
    }

    @Test
    void comesBackAsItWent() throws IOException {
        SafetensorsHeader header = SafetensorsHeader.read(file, MAX_BYTES);
        assertEquals(metadata, header.metadata());
        assertArrayEquals(new long[] {2, 3}, header.onlyMatrix("ctx"));
        assertEquals(24, header.dataBytes());
        assertEquals(file.length - 24, header.dataStart());
    }

    @Test
    void everyTruncationIsRefused() {
        for (int length = 0; length < file.length; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            assertOneLine(assertThrows(IOException.class, () -> SafetensorsHeader.read(cut, MAX_BYTES)));
        }
    }

    @Test
    void aHeaderBeyondTheBoundIsNotRead() {
        assertThrows(IOException.class, () -> SafetensorsHeader.read(file, 32));
    }

    @Test
    void anotherOrAFurtherTensorIsNoLoneMatrix() throws IOException {
        assertThrows(IOException.class, () -> SafetensorsHeader.read(file, MAX_BYTES).onlyMatrix("features"));
        SafetensorsHeader two = read("{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[0,4]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[4,8]}}", 8);
        assertEquals(2, two.tensors().size());
        assertThrows(IOException.class, () -> two.onlyMatrix("a"));
    }

    @Test
    void aTensorThatDoesNotFillTheDataIsNoLoneMatrix() throws IOException {
        SafetensorsHeader more = read("{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1],\"data_offsets\":[0,4]}}", 8);
        assertThrows(IOException.class, () -> more.onlyMatrix("a"));
    }

    @Test
    void shapesThatNoArrayHasAreRefused() {
        for (String shape : new String[] {"[-1,0]", "[4611686018427387904,4]", "[2,3]", "[\"x\"]"}) {
            assertOneLine(assertThrows(IOException.class,
                    () -> read("{\"a\":{\"dtype\":\"F32\",\"shape\":%s,\"data_offsets\":[0,0]}}".formatted(shape), 0)));
        }
    }

    @Test
    void tensorsThatOverlapAreRefused() {
        for (String offsets : new String[] {"[0,4]", "[2,6]", "[-4,0]", "[4.5,8]", "[18446744073709551620,18446744073709551624]"}) {
            assertOneLine(assertThrows(IOException.class, () -> read("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                    + "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":%s}}".formatted(offsets), 8)));
        }
    }

    @Test
    void mutatedBytesGiveAHeaderOrAnErrorOfOneLine() {
        Random random = new Random(2);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] mutated = file.clone();
            for (int n = random.nextInt(6); n >= 0; n--) {
                mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
            }
            try {
                SafetensorsHeader.read(mutated, MAX_BYTES).onlyMatrix("ctx");
            } catch (IOException e) {
                assertOneLine(e);
                refused++;
            }
        }
        assertTrue(refused > 10_000, "refused " + refused);
    }

    private static SafetensorsHeader read(String json, int dataBytes) throws IOException {
        byte[] text = json.getBytes(StandardCharsets.UTF_8);
        return SafetensorsHeader.read(ByteBuffer.allocate(8 + text.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length)
                .put(text).array(), MAX_BYTES);
    }

    private static void assertOneLine(IOException e) {
        assertFalse(e.getMessage().contains("\n"), e.getMessage());
    }
}
