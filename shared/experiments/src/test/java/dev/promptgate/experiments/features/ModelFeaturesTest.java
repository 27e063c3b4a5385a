package dev.promptgate.experiments.features;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.promptgate.clip.weights.TensorFile;
import dev.promptgate.experiments.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFeaturesTest {
    private static final int DIM = 5;
    private static final Set<String> KEYS = Set.of("aa:0", "aa:1", "bb:0");

    @TempDir
    private Path directory;

    @Test
    void featuresComeBackBitForBit() throws Exception {
        write(KEYS);
        try (ModelFeatures cache = open("sha256:m")) {
            Map<String, float[]> found = cache.find(Set.of("aa:0", "aa:1", "bb:0", "cc:0"));
            assertEquals(KEYS, found.keySet());
            found.forEach((key, feature) -> assertArrayEquals(feature(key), feature, key));
            assertEquals(Set.of("bb:0"), cache.find(Set.of("bb:0")).keySet());
            assertEquals(List.of(), cache.notes());
        }
        assertEquals(1, files().size(), "reading writes nothing");
    }

    @Test
    void aStockReaderReadsASegment() throws Exception {
        write(Set.of("bb:0"));
        try (TensorFile file = TensorFile.open(files().get(0));
                NDManager manager = NDManager.newBaseManager("PyTorch");
                NDArray array = file.float32(manager, "features")) {
            assertEquals(List.of(1L, (long) DIM), Arrays.stream(array.getShape().getShape()).boxed().toList());
            assertArrayEquals(feature("bb:0"), array.toFloatArray());
        }
    }

    @Test
    void everyTruncationIsIgnoredAndNamed() throws Exception {
        write(KEYS);
        Path segment = files().get(0);
        byte[] whole = Files.readAllBytes(segment);
        for (int length = 0; length < whole.length; length++) {
            Files.write(segment, Arrays.copyOf(whole, length));
            try (ModelFeatures cache = open("sha256:m")) {
                assertEquals(Map.of(), cache.find(KEYS));
                assertEquals(1, cache.notes().size(), "length " + length);
                assertTrue(cache.notes().get(0).contains(segment.toString()), cache.notes().get(0));
                assertFalse(cache.notes().get(0).contains("\n"), cache.notes().get(0));
            }
        }
    }

    @Test
    void aDamagedSegmentNeverGivesAWrongFeature() throws Exception {
        write(KEYS);
        Path segment = files().get(0);
        byte[] whole = Files.readAllBytes(segment);
        Random random = new Random(4);
        int ignored = 0;
        for (int i = 0; i < 1000; i++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(segment, damaged);
            try (ModelFeatures cache = open("sha256:m")) {
                cache.find(KEYS).forEach((key, feature) -> assertArrayEquals(feature(key), feature, key));
                ignored += cache.notes().size();
            } catch (DataException e) {
                assertTrue(e.getMessage().contains("another model"), e.getMessage()); // the fingerprint was hit
            }
        }
        assertTrue(ignored > 500, "ignored " + ignored);
    }

    @Test
    void aDamagedSegmentDoesNotHideTheOthers() throws Exception {
        write(Set.of("aa:0"));
        Path damaged = files().get(0);
        Files.write(damaged, Arrays.copyOf(Files.readAllBytes(damaged), 60));
        write(Set.of("aa:0", "bb:0"));
        try (ModelFeatures cache = open("sha256:m")) {
            assertEquals(Set.of("aa:0", "bb:0"), cache.find(KEYS).keySet());
        }
    }

    @Test
    void aFileOfAnotherModelIsRefused() throws Exception {
        write(KEYS);
        try (ModelFeatures cache = open("sha256:other")) {
            String message = assertThrows(DataException.class, () -> cache.find(Set.of("zz:0"))).getMessage();
            assertTrue(message.contains("another model") && message.contains(files().get(0).toString())
                    && message.contains("its model: sha256:m"), message);
            assertFalse(message.contains("\n"), message);
        }
    }

    @Test
    void writersOfOneDirectoryDoNotDisturbEachOther() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Void>> writers = new ArrayList<>();
            for (int writer = 0; writer < 4; writer++) {
                int from = writer * 5; // neighbours share half of what they write
                writers.add(() -> {
                    for (int i = from; i < from + 10; i++) {
                        write(Set.of("key" + i + ":0"));
                        try (ModelFeatures cache = open("sha256:m")) {
                            assertTrue(cache.find(Set.of("key" + i + ":0")).containsKey("key" + i + ":0"));
                            assertEquals(List.of(), cache.notes());
                        }
                    }
                    return null;
                });
            }
            for (Future<Void> future : threads.invokeAll(writers)) {
                future.get();
            }
        } finally {
            threads.shutdownNow();
        }
        Set<String> all = new HashSet<>();
        for (int i = 0; i < 25; i++) {
            all.add("key" + i + ":0");
        }
        try (ModelFeatures cache = open("sha256:m")) {
            assertEquals(all, cache.find(all).keySet());
        }
    }

    @Test
    void manyFeaturesAreWrittenBeforeTheEnd() throws Exception {
        ModelFeatures cache = open("sha256:m");
        for (int i = 0; i < 5000; i++) {
            cache.put("key" + i + ":0", new float[DIM]);
        }
        try (ModelFeatures other = open("sha256:m")) { // the first was not closed, as after a crash
            assertEquals(4096, other.find(keys(5000)).size());
        }
        cache.close();
        try (ModelFeatures other = open("sha256:m")) {
            assertEquals(5000, other.find(keys(5000)).size());
        }
    }

    @Test
    void whatACrashLeftIsCleanedUpOnceItIsOld() throws Exception {
        Path old = Files.write(directory.resolve("old.part"), new byte[3]);
        Path fresh = Files.write(directory.resolve("fresh.part"), new byte[3]);
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
        try (ModelFeatures cache = open("sha256:m")) {
            assertEquals(Map.of(), cache.find(KEYS));
            assertEquals(List.of(), cache.notes());
        }
        assertFalse(Files.exists(old));
        assertTrue(Files.exists(fresh), "another process may be writing it");
    }

    @Test
    void aDirectoryThatCannotBeIsRefused() throws IOException {
        Path file = Files.write(directory.resolve("file"), new byte[0]);
        assertTrue(assertThrows(DataException.class, () -> ModelFeatures.open(file, "sha256:m", DIM)).getMessage()
                .startsWith("The feature cache cannot be used"));
    }

    private ModelFeatures open(String fingerprint) throws DataException {
        return ModelFeatures.open(directory, fingerprint, DIM);
    }

    private void write(Set<String> keys) throws DataException {
        try (ModelFeatures cache = open("sha256:m")) {
            for (String key : keys) {
                cache.put(key, feature(key));
            }
        }
    }

    private static float[] feature(String key) {
        float[] feature = new float[DIM];
        Random random = new Random(key.hashCode());
        for (int d = 0; d < DIM; d++) {
            feature[d] = random.nextFloat() - 0.5f;
        }
        return feature;
    }

    private static Set<String> keys(int count) {
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < count; i++) {
            keys.add("key" + i + ":0");
        }
        return keys;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".safetensors")).toList();
        }
    }
}
