package dev.promptgate.clip.weights.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import dev.promptgate.clip.weights.TensorFile;
import dev.promptgate.testing.GoldenFolders;
import dev.promptgate.testing.fuzz.InputFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What PyTorch and those who train with it write comes out as it went in. The golden layouts are read whole by LayoutGoldenTest. */
class TorchFileTest {
    private static final long[] ROWS = {2, 3};

    @TempDir
    Path directory;

    private final NDManager manager = NDManager.newBaseManager("PyTorch");

    @Test
    void viewsOfASharedStorage() throws IOException {
        byte[] pickle = new PickleBytes().proto().op('}', '(')
                .text("whole").tensor(12, 0, new long[] {12}, 1)
                .text("part").tensor(12, 4, ROWS, 3, 1)
                .text("transposed").tensor(12, 0, ROWS, 1, 2)
                .text("columns").tensor(12, 1, ROWS, 6, 2)
                .text("repeated").tensor(12, 5, ROWS, 0, 0)
                .text("scalar").tensor(12, 7, new long[0])
                .text("empty").tensor(12, 12, new long[] {0, 5}, 5, 1).op('u').stop();
        try (TensorFile file = open(TorchArchives.zip(pickle, TorchArchives.floats(12)))) {
            assertEquals(Set.of("whole", "part", "transposed", "columns", "repeated", "scalar", "empty"), file.names());
            assertValues(file, "whole", 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
            assertValues(file, "part", 4, 5, 6, 7, 8, 9);
            assertValues(file, "transposed", 0, 2, 4, 1, 3, 5);
            assertValues(file, "columns", 1, 3, 5, 7, 9, 11);
            assertValues(file, "repeated", 5, 5, 5, 5, 5, 5);
            assertValues(file, "scalar", 7);
            assertValues(file, "empty");
            assertEquals(new Shape(2, 3), file.shape("transposed"));
            assertEquals(new Shape(), file.shape("scalar"));
        }
    }

    @Test
    void aTrainingCheckpoint() throws IOException {
        byte[] pickle = new PickleBytes().proto().op('}', '(').text("epoch").number(3).text("name").text("run")
                .text("loss").global("numpy.core.multiarray", "scalar").op('(').global("numpy", "dtype").op('(').text("f8").op(0x89, 0x88)
                .op('t', 'R').numbers(3, 4).op('b').global("_codecs", "encode").op('(').text("x").text("latin1").op('t', 'R', 't', 'R')
                .text("args").global("argparse", "Namespace").op(')', 0x81, '}').text("lr").number(1).op('s', 'b')
                .text("optimizer").op('}').text("exp_avg").tensor(12, 0, ROWS, 3, 1).op('s')
                .text("state_dict").orderedDict().op('(')
                .text("module.a").global("torch._utils", "_rebuild_parameter").op('(').tensor(12, 0, ROWS, 3, 1).op(0x89).orderedDict()
                .op('t', 'R')
                .text("module.b").tensor(12, 6, ROWS, 3, 1).op('u')
                .op('}').text("_metadata").orderedDict().op('s', 'b').op('u').stop();
        for (byte[] bytes : new byte[][] {
                TorchArchives.zip(pickle, TorchArchives.floats(12)),
                TorchArchives.pickles(pickle, 12, TorchArchives.floats(12))}) {
            try (TensorFile file = open(bytes)) {
                assertEquals(Set.of("a", "b"), file.names());
                assertValues(file, "b", 6, 7, 8, 9, 10, 11);
            }
        }
    }

    @Test
    void aViewOfAStorageFromBefore16() throws IOException {
        byte[] pickle = new PickleBytes().proto().op('}').text("a").global("torch._utils", "_rebuild_tensor").op('(')
                .op('(').text("storage").global("torch", "FloatStorage").text("0").text("cpu").number(12)
                .op('(').text("view").number(4).number(6).op('t', 't', 'Q').number(1).numbers(2).numbers(2).op('t', 'R', 's').stop();
        try (TensorFile file = open(TorchArchives.pickles(pickle, 12, TorchArchives.floats(12)))) {
            assertValues(file, "a", 5, 7);
        }
    }

    @Test
    void protocolFour() throws IOException {
        byte[] pickle = new PickleBytes().op(0x80, 4, 0x95).int32(0).int32(0).op('}', 0x94, 0x8c, 1, 'a', 0x94)
                .text("torch._utils").text("_rebuild_tensor_v2").op(0x93, 0x94, '(').op('(').text("storage").text("torch")
                .text("FloatStorage").op(0x93).text("0").text("cpu").number(12).op('t', 'Q').number(3).numbers(2).numbers(1)
                .op(0x89, '}', 't', 'R', 's').stop();
        try (TensorFile file = open(TorchArchives.zip(pickle, TorchArchives.floats(12)))) {
            assertValues(file, "a", 3, 4);
        }
    }

    @Test
    void tensorsOfOtherTypesArePassedOver() throws IOException {
        byte[] pickle = new PickleBytes().proto().op('}', '(')
                .text("position_ids").tensor("LongStorage", "1", 2, 0, new long[] {2}, 1)
                .text("mask").tensor("BoolStorage", "1", 16, 0, new long[] {16}, 1)
                .text("a").tensor(12, 2, new long[] {1}, 1).op('u').stop();
        Map<String, byte[]> entries = new LinkedHashMap<>(Map.of("data.pkl", pickle, "data/0", TorchArchives.floats(12)));
        entries.put("data/1", new byte[] {7, 0, 0, 0, 0, 0, 0, 0, -1, -1, -1, -1, -1, -1, -1, -1});
        byte[] twoTypes = TorchArchives.zip(entries);
        assertTrue(HostileTorchFileTest.refusal(write(twoTypes)).contains("of two sizes or types"));
        entries.put("data.pkl", new PickleBytes().proto().op('}', '(')
                .text("position_ids").tensor("LongStorage", "1", 2, 0, new long[] {2}, 1)
                .text("f8").global("torch._utils", "_rebuild_tensor_v3").op('(').storage("UntypedStorage", "2", 3).number(0).numbers(3)
                .numbers(1).op(0x89).orderedDict().global("torch", "float8_e4m3fn").op('t', 'R')
                .text("a").tensor(12, 2, new long[] {1}, 1).op('u').stop());
        entries.put("data/2", new byte[3]);
        try (TensorFile file = open(TorchArchives.zip(entries))) {
            assertValues(file, "a", 2);
            assertValues(file, "position_ids", 7, -1);
            assertEquals(DataType.INT64, file.type("position_ids"));
            assertEquals(DataType.UNKNOWN, file.type("f8"));
        }
    }

    /** The same file through libtorch: every parameter to the bit, under the same name. */
    @Test
    void aScriptedArchiveGivesWhatLibtorchGives() throws Exception {
        Path archive = GoldenFolders.models().stream().map(folder -> folder.resolve("openai.pt")).filter(Files::exists).findFirst()
                .orElseThrow();
        try (Model model = Model.newInstance("openai", "PyTorch"); TensorFile file = TensorFile.open(archive)) {
            model.load(archive.getParent(), "openai");
            int compared = 0;
            for (Pair<String, Parameter> parameter : model.getBlock().getParameters()) {
                String name = parameter.getKey().replace('/', '.');
                NDArray expected = parameter.getValue().getArray();
                assertEquals(expected.getShape(), file.shape(name), name);
                assertEquals(expected.getDataType(), file.type(name), name);
                assertValues(file, name, expected.toType(DataType.FLOAT32, true).toFloatArray());
                compared++;
            }
            assertEquals(compared, file.names().size());
        }
    }

    private TensorFile open(byte[] bytes) throws IOException {
        return TensorFile.open(write(bytes));
    }

    private Path write(byte[] bytes) throws IOException {
        return InputFile.write(directory.resolve("weights.bin"), bytes);
    }

    private void assertValues(TensorFile file, String name, float... expected) {
        try (NDArray array = file.float32(manager, name)) {
            assertEquals(file.shape(name), array.getShape());
            assertArrayEquals(expected, array.toFloatArray(), name);
        }
    }
}
