package dev.promptgate.learning.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.learning.memory.FewShotMemory.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FewShotMemoryTest {
    private final FewShotMemory memory = new FewShotMemory(4, 1);

    @Test
    void aRepeatedImageCountsOnce() {
        assertEquals(Outcome.ADDED, memory.add(shot("a", "cat")));
        assertEquals(Outcome.IGNORED, memory.add(shot("a", "cat")));
        assertEquals(1, memory.size());
    }

    @Test
    void aRelabelledImageMoves() {
        memory.add(shot("a", "cat"));
        assertEquals(Outcome.REPLACED, memory.add(shot("a", "dog")));
        assertEquals(0, memory.size("cat"));
        assertEquals(1, memory.size("dog"));
    }

    @Test
    void keepsNoMoreThanItsShots() {
        IntStream.range(0, 100).forEach(i -> memory.add(shot("image" + i, "cat")));
        assertEquals(4, memory.size("cat"));
        assertEquals(4, memory.size());
    }

    @Test
    void theSampleDoesNotDependOnOrderOrRepetition() {
        List<Shot> shots = new ArrayList<>(IntStream.range(0, 50).mapToObj(i -> shot("image" + i, "cat")).toList());
        shots.forEach(memory::add);
        FewShotMemory other = new FewShotMemory(4, 1);
        shots.addAll(List.copyOf(shots));
        Collections.shuffle(shots, new Random(3));
        shots.forEach(other::add);
        assertEquals(ids(memory), ids(other));
    }

    @Test
    void theSampleIsUniform() {
        int[] kept = new int[20];
        for (int seed = 0; seed < 2000; seed++) {
            FewShotMemory sample = new FewShotMemory(4, seed);
            IntStream.range(0, 20).forEach(i -> sample.add(shot("image" + i, "cat")));
            ids(sample).forEach(id -> kept[Integer.parseInt(id.substring(5))]++);
        }
        for (int count : kept) { // 400 expected, standard deviation 18
            assertTrue(count > 310 && count < 490, "kept " + count + " times");
        }
    }

    @Test
    void listsClassesWithEnoughShots() {
        memory.add(shot("a", "cat"));
        memory.add(shot("b", "dog"));
        memory.add(shot("c", "dog"));
        assertEquals(List.of("dog"), memory.classesWith(2));
    }

    private static List<String> ids(FewShotMemory memory) {
        return memory.shots("cat").stream().map(Shot::imageId).toList();
    }

    private static Shot shot(String id, String label) {
        return new Shot(id, label, new float[] {1, 0});
    }
}
