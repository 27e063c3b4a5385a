package dev.promptgate.clip.weights.torch;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.sun.management.ThreadMXBean;
import dev.promptgate.clip.failure.ModelException;
import dev.promptgate.clip.weights.TensorFile;
import dev.promptgate.testing.fuzz.InputFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever is in a checkpoint, it is read rightly or refused in one line, and reading allocates no more than a bound: what the thread
 * allocates is counted, whether it is garbage afterwards or not.
 */
class HostileTorchFileTest {
    private static final long MAX_ALLOCATED = 256 << 20;
    private static final long MAX_ALLOCATED_OF_SMALL_FILES = 8 << 20;
    private static final int MUTATED = Boolean.getBoolean("test.long") ? 100_000 : 3_000;
    private static final long[] ROWS = {2, 3};
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    Path directory;

    /** Classes that are loaded at the first file of a kind are not part of the price. */
    @BeforeAll
    static void loadClasses(@TempDir Path warm) throws IOException {
        for (String text : List.of("{", "        {}", "PK", "\u0080")) {
            assertThrows(ModelException.class, () -> TensorFile.open(Files.writeString(warm.resolve("x"), text,
                    StandardCharsets.ISO_8859_1)));
        }
        TensorFile.open(Files.write(warm.resolve("x"), good())).close();
    }

    /** What a file of a model is refused with: one line that names it, at a bounded price. */
    static String refusal(Path path) {
        return refusal(path, MAX_ALLOCATED);
    }

    private static String refusal(Path path, long maxAllocated) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        ModelException e = assertThrows(ModelException.class, () -> TensorFile.open(path).close());
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < maxAllocated, "allocated " + allocated + ": " + e.getMessage());
        assertOneLine(e, path);
        return e.getMessage();
    }

    private static void assertOneLine(ModelException e, Path path) {
        assertTrue(e.getMessage().matches("[ -~]{1,600}") && e.getMessage().contains(path.toString()), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"os,system", "posix,system", "nt,system", "builtins,eval", "builtins,exec", "__builtin__,eval", "builtins,getattr",
            "subprocess,Popen", "nowhere,Unknown", "torch,load", "torch.storage,_load_from_bytes", "torch.hub,load", "java.lang,Runtime",
            "datetime,datetime", "array,array", "decimal,Decimal", "operator,attrgetter", "copy_reg,_reconstructor", "torch.nn,Linear",
            "torch._utils,_rebuild_tensor_v2.__globals__", "collections,OrderedDict.fromkeys"})
    void aNameThatNoStateDictNeeds(String module, String name) throws IOException {
        Path ran = directory.resolve("ran");
        for (PickleBytes global : List.of(
                new PickleBytes().op(0x80, 4).global(module, name),
                new PickleBytes().op(0x80, 4).text(module).text(name).op(0x93))) {
            byte[] call = global.op('(').text("touch " + ran).op('t', 'R').stop();
            for (byte[] file : List.of(TorchArchives.zip(call, new byte[0]), TorchArchives.pickles(call, 0, new byte[0]))) {
                assertTrue(refusal(write(file)).contains("it names %s.%s, which no state dict needs".formatted(module, name)));
            }
        }
        assertFalse(Files.exists(ran));
    }

    @Test
    void aNameIsShownAsOneShortLine() throws IOException {
        String refusal = refusal(write(TorchArchives.zip(
                new PickleBytes().op(0x80, 4).text("a\nb\u001b[31m").text("x".repeat(1 << 20)).op(0x93).stop(), new byte[0])));
        assertTrue(refusal.contains("it names a?b?[31m.xxx"), refusal);
    }

    @ParameterizedTest
    @CsvSource({"INST,69", "OBJ,6f", "NEWOBJ_EX,92", "EXT1,82", "EXT2,83", "EXT4,84", "PERSID,50", "DICT,64", "LIST,6c", "FROZENSET,91",
            "ADDITEMS,90", "EMPTY_SET,8f", "DUP,32", "POP,30", "POP_MARK,31", "INT,49", "LONG,4c", "LONG4,8b", "FLOAT,46", "STRING,53",
            "UNICODE,56", "GET,67", "PUT,70", "BINUNICODE8,8d", "BINBYTES8,8e", "BYTEARRAY8,96", "NEXT_BUFFER,97", "READONLY_BUFFER,98",
            "none,00", "none,ff"})
    void anOpcodeThatNoStateDictNeeds(String name, String hex) throws IOException {
        byte[] pickle = new PickleBytes().proto().global("collections", "OrderedDict").op('(').op(Integer.parseInt(hex, 16))
                .line("os").line("system").stop();
        assertTrue(refusal(write(TorchArchives.zip(pickle, new byte[0]))).contains("opcode 0x" + hex), name);
    }

    static Stream<Arguments> pickles() {
        long large = 1L << 40;
        return Stream.of(
                tensor("2^40 elements", "within its storage", p -> p.tensor(12, 0, new long[] {1 << 20, 1 << 20}, 1 << 20, 1)),
                tensor("2^40 elements of none", "within its storage", p -> p.tensor(12, 0, new long[] {large}, 0)),
                tensor("2^120 elements", "within its storage", p -> p.tensor(12, 0, new long[] {large, large, large}, 0, 0, 0)),
                tensor("a storage of 2^40", "no entry data/0", p -> p.tensor(large, 0, new long[] {large}, 1)),
                tensor("a storage of 2^63", "damaged", p -> p.tensor(Long.MAX_VALUE, 0, new long[] {1}, 1)),
                tensor("a storage of -1", "of two sizes", p -> p.tensor(-1, 0, new long[] {0}, 1)),
                tensor("a negative offset", "within its storage", p -> p.tensor(12, -1, ROWS, 3, 1)),
                tensor("an offset that overflows", "within its storage", p -> p.tensor(12, Long.MAX_VALUE, ROWS, 3, 1)),
                tensor("an offset beyond", "within its storage", p -> p.tensor(12, 7, ROWS, 3, 1)),
                tensor("a negative side", "within its storage", p -> p.tensor(12, 0, new long[] {-2, -3}, 3, 1)),
                tensor("a negative stride", "within its storage", p -> p.tensor(12, 5, ROWS, -3, 1)),
                tensor("a stride that overflows", "within its storage", p -> p.tensor(12, 0, ROWS, Long.MAX_VALUE, 1)),
                tensor("strides too few", "within its storage", p -> p.tensor(12, 0, ROWS, 1)),
                tensor("2000 dimensions", "within its storage", p -> p.tensor(12, 0, new long[2000], new long[2000])),
                tensor("an id of 80 bits", "damaged", p -> p.storage("FloatStorage", "0", 12).number(BigInteger.TWO.pow(80)).op('s')),
                tensor("a storage outside", "no entry data/../", p -> p.tensor("FloatStorage", "../../../etc/passwd", 6, 0, ROWS, 0, 0)),
                arguments("not a storage", "refers to module", new PickleBytes().proto().op('(').text("module").op('t', 'Q').stop()),
                arguments("a length that lies", "damaged", new PickleBytes().proto().op('X').int32(Integer.MAX_VALUE).stop()),
                arguments("a negative length", "damaged", new PickleBytes().proto().op('B').int32(-1).stop()),
                arguments("a list as a key", "no short text", new PickleBytes().proto().op('}', ']', ']', 's').stop()),
                arguments("a key of 1 MB", "no short text",
                        new PickleBytes().proto().op('}').text("x".repeat(1 << 20)).op(']', 's').stop()),
                arguments("nothing", "damaged", new byte[0]),
                arguments("an empty stack", "damaged", new PickleBytes().proto().stop()),
                arguments("no tensors", "no state dict", new PickleBytes().proto().op('}').stop()),
                arguments("2^20 opcodes", "opcodes", repeat(new PickleBytes().proto(), 1 << 20, ')').stop()),
                arguments("deep lists", "no state dict", deep(500_000, ']', 'a')),
                arguments("deep modules", "lie deeper", modules(10_000, 1)),
                arguments("a billion laughs", "attributes", modules(40, 2)),
                arguments("laughs among lists", "no state dict", laughs()),
                arguments("a module of itself", "attributes", new PickleBytes().proto().global("__torch__", "A").op(')', 0x81, 'q', 0)
                        .op('}').text("a").op('h', 0, 's').text("b").op('h', 0, 's', 'b').stop()));
    }

    private static Arguments tensor(String name, String message, Consumer<PickleBytes> value) {
        PickleBytes pickle = new PickleBytes().proto().op('}').text("a");
        value.accept(pickle);
        return arguments(name, message, pickle.op('s').stop());
    }

    private static PickleBytes repeat(PickleBytes pickle, int times, int... opcodes) {
        for (int i = 0; i < times; i++) {
            pickle.op(opcodes);
        }
        return pickle;
    }

    private static byte[] deep(int depth, int open, int close) {
        return repeat(repeat(new PickleBytes().proto(), depth, open), depth - 1, close).stop();
    }

    /** Modules in one another, each holding the next one under so many names: 'A' is memo 0, the inner one memo 1. */
    private static byte[] modules(int depth, int names) {
        PickleBytes pickle = new PickleBytes().proto().global("__torch__", "A").op('q', 0, ')', 0x81, 'q', 1);
        for (int i = 0; i < depth; i++) {
            pickle.op('h', 0, ')', 0x81, '}');
            for (int name = 0; name < names; name++) {
                pickle.text("m" + name).op('h', 1, 's');
            }
            pickle.op('b', 'q', 1);
        }
        return pickle.stop();
    }

    private static byte[] laughs() {
        PickleBytes pickle = new PickleBytes().proto().op(']', 'q', 0);
        return repeat(pickle, 1_000, ']', 'h', 0, 'a', 'h', 0, 'a', 'q', 0).op('}').text("a").op('h', 0, 's').stop();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pickles")
    void aPickleThatIsNoStateDict(String name, String message, byte[] pickle) throws IOException {
        String refusal = refusal(write(TorchArchives.zip(pickle, TorchArchives.floats(12))));
        assertTrue(refusal.contains(message), refusal);
        refusal(write(TorchArchives.pickles(pickle, 12, TorchArchives.floats(12))));
    }

    /** A tensor that others lie between might need more memory than it has elements. */
    @Test
    void aTensorThatIsSpreadOverALargeStorage() throws IOException {
        byte[] pickle = new PickleBytes().proto().op('}').text("a").tensor(10_000, 0, ROWS, 3, 4_000).op('s').stop();
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                TensorFile file = TensorFile.open(write(TorchArchives.zip(pickle, TorchArchives.floats(10_000))))) {
            ModelException e = assertThrows(ModelException.class, () -> file.float32(manager, "a"));
            assertTrue(e.getMessage().contains("spread"), e.getMessage());
        }
    }

    @Test
    void aZipBomb() throws IOException {
        Path path = directory.resolve("bomb.pt");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(path))) {
            zip.putNextEntry(new ZipEntry("archive/data.pkl"));
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 64; i++) {
                zip.write(zeros);
            }
        }
        assertTrue(refusal(path, MAX_ALLOCATED_OF_SMALL_FILES).contains("compressed"));
    }

    @Test
    void aDirectoryOfTooManyEntries() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < 100_000; i++) {
                zip.putNextEntry(new ZipEntry("archive/data/" + i));
            }
        }
        String refusal = refusal(write(bytes.toByteArray()));
        assertTrue(refusal.contains("too many entries"), refusal);
    }

    @Test
    void entriesThatOverlapOrLieOutside() throws IOException {
        byte[] good = good();
        int first = TorchArchives.directoryRecord(good, "data.pkl");
        int second = TorchArchives.directoryRecord(good, "data/0");
        int begin = ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN).getInt(second + 42);
        Map<String, byte[]> changed = new LinkedHashMap<>();
        changed.put("the same place", patched(good, second + 42, 0));
        changed.put("one byte early", patched(good, second + 42, begin - 1));
        changed.put("beyond the end", patched(good, second + 42, Integer.MAX_VALUE));
        changed.put("negative", patched(good, second + 42, -2));
        changed.put("a size into the next", patched(patched(good, first + 20, begin), first + 24, begin));
        changed.put("a size of 2 GB", patched(patched(good, second + 20, Integer.MAX_VALUE), second + 24, Integer.MAX_VALUE));
        changed.put("a size of 4 GB", patched(patched(good, second + 20, -1), second + 24, -1));
        changed.put("two sizes", patched(good, second + 24, 1 << 30));
        for (Map.Entry<String, byte[]> entry : changed.entrySet()) {
            String refusal = refusal(write(entry.getValue()), MAX_ALLOCATED_OF_SMALL_FILES);
            assertTrue(refusal.contains("archive"), entry.getKey() + ": " + refusal);
        }
    }

    @Test
    void otherFilesThanWeights() throws IOException {
        Map.of("", "neither", "hello", "neither", "{\"a\": 1}", "neither",
                "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "git lfs pull",
                "\n<!DOCTYPE html><html>", "web page", "PK\u0003\u0004", "archive", "\u0080\u0002.", "damaged").forEach((text, message) -> {
                    String refusal = refusal(write(text.getBytes(StandardCharsets.ISO_8859_1)));
                    assertTrue(refusal.contains(message), refusal);
                });
        assertTrue(refusal(directory.resolve("nowhere")).contains("NoSuchFile"));
        assertTrue(refusal(write(TorchArchives.zip(Map.of("x", new byte[1])))).contains("folder/data.pkl"));
        assertTrue(
                refusal(write(TorchArchives.zip(Map.of("data.pkl", new byte[1], "byteorder", "big".getBytes())))).contains("big-endian"));
        assertTrue(refusal(write(new PickleBytes().proto().number(1).stop())).contains("none that PyTorch wrote"));
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        byte[] pickle = pickle();
        for (byte[] whole : List.of(good(), TorchArchives.pickles(pickle, 12, TorchArchives.floats(12)))) {
            for (int length = 0; length < whole.length; length++) {
                refusal(write(Arrays.copyOf(whole, length)), MAX_ALLOCATED_OF_SMALL_FILES);
            }
        }
    }

    /** Bytes that are changed at random, opcodes for others among them, in the archive as a whole or in its pickle alone. */
    @Test
    void mutatedFilesAreReadOrRefused() throws IOException {
        Random random = new Random(5);
        byte[] scripted = modules(3, 2);
        List<byte[]> pickles = List.of(pickle(), scripted);
        int read = 0;
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
            for (int i = 0; i < MUTATED; i++) {
                byte[] pickle = pickles.get(random.nextInt(10) / 9);
                boolean isArchive = random.nextBoolean();
                boolean isWhole = random.nextInt(3) == 0;
                byte[] inner = isWhole ? pickle : mutated(pickle, random);
                byte[] file = isArchive ? TorchArchives.zip(inner, TorchArchives.floats(12))
                        : TorchArchives.pickles(inner, 12, TorchArchives.floats(12));
                read += readOrRefused(write(isWhole ? mutated(file, random) : file), manager) ? 1 : 0;
            }
        }
        assertTrue(read > MUTATED / 50 && read < MUTATED / 2, "read " + read + " of " + MUTATED);
    }

    private static boolean readOrRefused(Path path, NDManager manager) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try (TensorFile file = TensorFile.open(path)) {
            for (String name : file.names()) {
                try (NDArray array = file.float32(manager, name)) {
                    assertTrue(array.size() <= 12);
                }
            }
            return true;
        } catch (ModelException e) {
            assertOneLine(e, path);
            return false;
        } finally {
            long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            assertTrue(allocated < MAX_ALLOCATED_OF_SMALL_FILES, "allocated " + allocated);
        }
    }

    private static byte[] mutated(byte[] bytes, Random random) {
        String opcodes = "().QRXcbeahjqrtu}]sNKMJGBCTU\u0080\u0081\u0082\u0085\u0086\u0087\u0088\u0089\u008a\u008c\u0092\u0093\u0094\u0095io02dl";
        byte[] mutated = bytes.clone();
        for (int n = random.nextInt(4); n >= 0; n--) {
            int at = random.nextInt(mutated.length);
            switch (random.nextInt(4)) {
                case 0 -> mutated[at] = (byte) random.nextInt();
                case 1 -> mutated[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> mutated[at] = (byte) opcodes.charAt(random.nextInt(opcodes.length()));
                default -> {
                    int length = random.nextInt(1 + Math.min(16, mutated.length - at));
                    System.arraycopy(mutated, random.nextInt(mutated.length - length + 1), mutated, at, length);
                }
            }
        }
        return mutated;
    }

    private static byte[] pickle() {
        return new PickleBytes().proto().op('}', '(').text("state_dict").orderedDict().op('(')
                .text("a").tensor(12, 0, ROWS, 3, 1).text("b").tensor(12, 6, ROWS, 1, 2).op('u', 'u').stop();
    }

    private static byte[] good() {
        return TorchArchives.zip(pickle(), TorchArchives.floats(12));
    }

    private static byte[] patched(byte[] bytes, int at, int value) {
        byte[] patched = bytes.clone();
        ByteBuffer.wrap(patched).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
        return patched;
    }

    private Path write(byte[] bytes) {
        try {
            return InputFile.write(directory.resolve("weights.bin"), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
