package dev.promptgate.clip.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.promptgate.clip.failure.ModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class TensorFileTest {
    @TempDir
    Path directory;

    private final NDManager manager = NDManager.newBaseManager("PyTorch");

    @AfterEach
    void close() {
        manager.close();
    }

    /** All 65,536 of them. */
    @Test
    void halfPrecisionAsPyTorchConvertsIt() throws IOException {
        ByteBuffer data = data(1 << 17);
        for (int bits = 0; bits < 1 << 16; bits++) {
            data.putShort((short) bits);
        }
        try (NDArray stored = manager.create(ByteBuffer.allocateDirect(1 << 17).order(ByteOrder.nativeOrder()).put(data.array()).flip(),
                new Shape(1 << 16), DataType.FLOAT16); NDArray expected = stored.toType(DataType.FLOAT32, true)) {
            assertArrayEquals(expected.toFloatArray(), values("F16", data.array(), 1 << 16));
        }
    }

    @Test
    void bfloat16IsTheUpperHalfOfAFloat() throws IOException {
        ByteBuffer data = data(6).putShort((short) 0x3f80).putShort((short) 0xc049).putShort((short) 0x0001);
        assertArrayEquals(new float[] {1, -3.140625f, Float.intBitsToFloat(0x10000)}, values("BF16", data.array(), 3));
    }

    @Test
    void doublesAndIntegersAreRounded() throws IOException {
        assertArrayEquals(new float[] {0.1f, Float.POSITIVE_INFINITY}, values("F64", data(16).putDouble(0.1).putDouble(1e300).array(), 2));
        assertArrayEquals(new float[] {-1, 49407}, values("I64", data(16).putLong(-1).putLong(49407).array(), 2));
        assertArrayEquals(new float[] {-1, 49407}, values("I32", data(8).putInt(-1).putInt(49407).array(), 2));
    }

    /** Longer than the pieces in which a file is read. */
    @Test
    void aTensorOfSeveralPieces() throws IOException {
        int count = 700_001;
        float[] expected = new float[count];
        ByteBuffer data = data(count * Double.BYTES);
        Random random = new Random(1);
        for (int i = 0; i < count; i++) {
            expected[i] = random.nextFloat();
            data.putDouble(expected[i]);
        }
        assertArrayEquals(expected, values("F64", data.array(), count));
    }

    @Test
    void whatIsOfNoUseIsPassedOver() throws IOException {
        Path path = safetensors("model.safetensors", """
                {"__metadata__": {"format": "pt", "step": 3, "args": {"lr": 0.1}},
                 "position_ids": {"dtype": "I64", "shape": [1], "data_offsets": [0, 8]},
                 "mask": {"dtype": "BOOL", "shape": [3], "data_offsets": [8, 11]},
                 "scaled": {"dtype": "F8_E4M3", "shape": [2, 1], "data_offsets": [11, 13]},
                 "later": {"dtype": "F4", "shape": [2], "data_offsets": [13, 14]},
                 "a": {"dtype": "F32", "shape": [1], "data_offsets": [14, 18]}}""", data(18).position(14).putFloat(5).array());
        try (TensorFile file = TensorFile.open(path)) {
            assertEquals(Set.of("position_ids", "mask", "scaled", "later", "a"), file.names());
            assertEquals(DataType.UNKNOWN, file.type("scaled"));
            assertEquals(5, file.float32(manager, "a").getFloat(0));
            assertRefused("none that weights have", () -> file.float32(manager, "scaled"));
        }
        byte[] bytes = Files.readAllBytes(path);
        assertThrows(IOException.class, () -> SafetensorsHeader.read(bytes, bytes.length), "prompts' metadata stay text");
    }

    @Test
    void theContentTellsTheKind() throws IOException {
        Path path = safetensors("pytorch_model.bin", "{\"a\": {\"dtype\": \"F32\", \"shape\": [], \"data_offsets\": [0, 4]}}",
                data(4).putFloat(5).array());
        try (TensorFile file = TensorFile.open(path)) {
            assertEquals(path, file.file());
            assertEquals(new Shape(), file.shape("a"));
        }
    }

    @Test
    void shards() throws IOException {
        safetensors("1.safetensors", "{\"a\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [0, 4]}}",
                data(4).putFloat(5).array());
        safetensors("2.bin", "{\"b\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [0, 4]}}", data(4).putFloat(6).array());
        try (TensorFile file = TensorFile.open(index("{\"a\": \"1.safetensors\", \"b\": \"2.bin\"}"))) {
            assertEquals(Set.of("a", "b"), file.names());
            assertEquals(6, file.float32(manager, "b").getFloat(0));
        }
        assertRefused("not in the shard", () -> TensorFile.open(index("{\"b\": \"1.safetensors\"}")));
        assertRefused("cannot be opened", () -> TensorFile.open(index("{\"b\": \"3.safetensors\"}")));
        assertRefused("names no tensor", () -> TensorFile.open(index("{}")));
        assertRefused("as JSON", () -> TensorFile.open(index("{")));
    }

    @Test
    void aShardOutsideTheDirectory() {
        for (String shard : new String[] {"../1.bin", "/etc/1.bin", "a/1.bin", "..", "1.bin\\n", "x.index.json", "C:\\\\1.bin", ""}) {
            assertRefused("outside the directory", () -> TensorFile.open(index("{\"a\": \"" + shard + "\"}")));
        }
    }

    private float[] values(String type, byte[] data, int count) throws IOException {
        Path path = safetensors("model.safetensors",
                "{\"a\": {\"dtype\": \"%s\", \"shape\": [%d], \"data_offsets\": [0, %d]}}".formatted(type,
                        count, data.length),
                data);
        try (TensorFile file = TensorFile.open(path); NDArray array = file.float32(manager, "a")) {
            assertEquals(DataType.FLOAT32, array.getDataType());
            return array.toFloatArray();
        }
    }

    private static ByteBuffer data(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private Path safetensors(String name, String header, byte[] data) throws IOException {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return Files.write(directory.resolve(name), data(8 + json.length + data.length).putLong(json.length).put(json).put(data).array());
    }

    private Path index(String map) throws IOException {
        return Files.writeString(directory.resolve("model.safetensors.index.json"), "{\"weight_map\": " + map + "}");
    }

    private static void assertRefused(String word, Executable executable) {
        ModelException e = assertThrows(ModelException.class, executable);
        assertTrue(e.getMessage().contains(word), e.getMessage());
        assertFalse(e.getMessage().contains("\n"), e.getMessage());
    }
}
