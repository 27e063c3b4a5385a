package dev.promptgate.learning.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;

/** Whatever came in, in whatever order: the memory is that of the images as they stand in the end. */
class FewShotMemoryPropertiesTest {
    private static final int SHOTS = 6;
    private static final String WITHDRAWN = "";

    /** What happens to an image: it gets a label, or is withdrawn. */
    private record Event(String id, String label) {}

    /** 12 ids at most: as many as sample and reserve of a class hold. */
    private static final Gen<List<Event>> HISTORIES = lists().of(integers().between(0, 12 * 4 - 1)
            .map(n -> new Event("image" + n % 12, n / 12 == 3 ? WITHDRAWN : "class" + n / 12))).ofSizeBetween(0, 120);

    @Test
    void theMemoryIsThatOfTheImagesAsTheyStandInTheEnd() {
        qt().forAll(HISTORIES, integers().between(0, 1000)).checkAssert((history, seed) -> {
            FewShotMemory lived = play(history, seed);
            Map<String, Event> last = new LinkedHashMap<>();
            history.forEach(event -> {
                last.remove(event.id());
                last.put(event.id(), event);
            });
            List<Event> fresh = new ArrayList<>(last.values());
            Collections.shuffle(fresh, new Random(seed));
            assertEquals(contents(play(fresh, seed)), contents(lived));
        });
    }

    @Test
    void noClassHoldsMoreThanItsShotsNorAnImageTwice() {
        qt().forAll(HISTORIES, integers().between(0, 1000)).checkAssert((history, seed) -> {
            Map<String, List<String>> contents = contents(play(history, seed));
            assertTrue(contents.values().stream().allMatch(ids -> ids.size() <= SHOTS));
            List<String> all = contents.values().stream().flatMap(List::stream).toList();
            assertEquals(all.size(), all.stream().distinct().count());
        });
    }

    @Test
    void manyImagesOfWhichSomeAreWithdrawnAreSampledAsIfThoseHadNeverBeen() {
        qt().withExamples(100).forAll(integers().between(20, 400), integers().between(0, SHOTS), integers().between(0, 1000))
                .checkAssert((images, withdrawn, seed) -> {
                    FewShotMemory lived = new FewShotMemory(SHOTS, seed);
                    FewShotMemory fresh = new FewShotMemory(SHOTS, seed);
                    for (int i = 0; i < images; i++) {
                        lived.add(new Shot("i" + i, "cat", new float[] {i}));
                    }
                    List<String> gone = lived.shots("cat").stream().map(Shot::imageId).limit(withdrawn).toList();
                    gone.forEach(lived::remove);
                    for (int i = 0; i < images; i++) {
                        if (!gone.contains("i" + i)) {
                            fresh.add(new Shot("i" + i, "cat", new float[] {i}));
                        }
                    }
                    assertEquals(contents(fresh), contents(lived));
                });
    }

    private static FewShotMemory play(List<Event> history, long seed) {
        FewShotMemory memory = new FewShotMemory(SHOTS, seed);
        for (Event event : history) {
            if (event.label().equals(WITHDRAWN)) {
                memory.remove(event.id());
            } else {
                memory.add(new Shot(event.id(), event.label(), new float[] {1, 0}));
            }
        }
        return memory;
    }

    private static Map<String, List<String>> contents(FewShotMemory memory) {
        Map<String, List<String>> contents = new TreeMap<>();
        memory.classesWith(1).forEach(name -> contents.put(name, memory.shots(name).stream().map(Shot::imageId).toList()));
        return contents;
    }
}
