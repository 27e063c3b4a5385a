package dev.promptgate.clip.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class NativeHeapTest {
    private static final int ARRAYS = 4000;
    private static final int KILOBYTES = 64; // an array; larger ones have mappings of their own

    @Test
    void memoryBetweenArraysInUseIsGivenBack() throws IOException {
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
            List<NDArray> freed = new ArrayList<>();
            for (int i = 0; i < ARRAYS; i++) {
                NDArray array = manager.ones(new Shape(KILOBYTES << 8));
                if (i % 100 > 0) {
                    freed.add(array);
                }
            }
            freed.forEach(NDArray::close);
            long before = residentKilobytes();
            NativeHeap.trim();
            long given = before - residentKilobytes();
            assertTrue(given > ARRAYS * KILOBYTES / 2, "%d kB of %d".formatted(given, ARRAYS * KILOBYTES));
        }
    }

    private static long residentKilobytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith("VmRSS"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElseThrow();
    }
}
