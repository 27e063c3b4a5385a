package dev.promptgate.learning.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClassBalancedSamplerTest {
    private final List<List<Shot>> shots = List.of(shots("cat", 16), shots("dog", 2), shots("bus", 5));

    @Test
    void classesStandEquallyOftenUpToOne() {
        int[] counts = new int[3];
        for (int label : new ClassBalancedSampler(shots, 1).next(128).labels()) {
            counts[label]++;
        }
        for (int count : counts) {
            assertTrue(count == 42 || count == 43, "a class stands " + count + " times");
        }
    }

    @Test
    void theSameSeedDrawsTheSame() {
        assertArrayEquals(new ClassBalancedSampler(shots, 9).next(64).labels(), new ClassBalancedSampler(shots, 9).next(64).labels());
    }

    private static List<Shot> shots(String label, int count) {
        return IntStream.range(0, count).mapToObj(i -> new Shot(label + i, label, new float[] {i})).toList();
    }
}
