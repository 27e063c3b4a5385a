package dev.promptgate.evaluator.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.SourcePosition;
import dev.promptgate.messaging.record.Split;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HeldOutSetTest {
    private final HeldOutSet set = new HeldOutSet(4);

    @Test
    void anIdCountsOnceAndInItsLastPlace() {
        assertTrue(set.put(image("a", "cat", Split.HELD_OUT), 0));
        assertFalse(set.put(image("a", "cat", Split.HELD_OUT), 1), "it was there");
        assertFalse(set.put(image("a", "dog", Split.HELD_OUT), 2));
        assertEquals(List.of("a/dog"), at(3));
        set.put(image("a", "dog", Split.TRAIN), 3);
        assertEquals(List.of(), at(4));
        assertTrue(set.put(image("a", "dog", Split.PROBE), 4));
        assertTrue(set.remove("a", 5));
        assertFalse(set.remove("a", 6));
        assertEquals(0, set.size());
    }

    @Test
    void ofAClassTheNewestJudge() {
        IntStream.range(0, 20).forEach(i -> set.put(image("i" + i, "cat", Split.HELD_OUT), i));
        assertEquals(List.of("i16/cat", "i17/cat", "i18/cat", "i19/cat"), at(20));
        set.remove("i18", 20);
        assertEquals(List.of("i15/cat", "i16/cat", "i17/cat", "i19/cat"), at(21), "the reserve fills the gap");
    }

    @Test
    void thePastIsAskedAsItWas() {
        set.put(image("a", "cat", Split.HELD_OUT), 0);
        set.put(image("b", "cat", Split.HELD_OUT), 1);
        set.put(image("a", "dog", Split.HELD_OUT), 2);
        set.remove("b", 3);
        assertEquals(List.of("a/cat"), at(1));
        assertEquals(List.of("a/cat", "b/cat"), at(2));
        assertEquals(List.of("b/cat", "a/dog"), at(3));
        assertEquals(List.of("a/dog"), at(4));
    }

    @Test
    void aRetiredClassJudgesNothingFromItsRecordOnUntilItIsBack() {
        set.put(image("a", "cat", Split.HELD_OUT), 0);
        set.put(image("b", "dog", Split.HELD_OUT), 1);
        assertTrue(set.retire("cat", true, 2));
        assertFalse(set.retire("cat", true, 3), "it is");
        assertFalse(set.isNew(image("c", "cat", Split.HELD_OUT)));
        assertFalse(set.put(image("c", "cat", Split.HELD_OUT), 4), "it judges nothing");
        assertTrue(set.put(image("d", "dog", Split.PROBE), 5));
        assertEquals(List.of("b/dog", "d/dog"), at(6));
        assertEquals(List.of("a/cat", "b/dog"), at(2), "at an earlier horizon it does");
        assertEquals(List.of(1, 2), List.of(set.heldOut(), set.size()));
        assertEquals(Set.of("dog"), set.classes());
        assertEquals(List.of("dog"), set.labelledClasses());
        set.forgetBefore(5);
        assertEquals(List.of("b/dog"), at(5));
        assertTrue(set.retire("cat", false, 6));
        assertEquals(List.of("b/dog", "d/dog"), at(6));
        assertEquals(List.of("a/cat", "b/dog", "c/cat", "d/dog"), at(7), "what came meanwhile, too");
        assertEquals(List.of("cat", "dog"), set.labelledClasses());
        assertEquals(List.of(3, 4), List.of(set.heldOut(), set.size()));
        Set<String> classes = set.classes();
        assertEquals(Set.of("cat", "dog"), classes);
        set.put(image("e", "cat", Split.HELD_OUT), 7);
        assertTrue(classes == set.classes(), "none came: it is not made anew");
        set.remove("b", 8);
        set.remove("d", 9);
        assertEquals(Set.of("cat"), set.classes());
        assertEquals(List.of(3, 3), List.of(set.heldOut(), set.size()));
    }

    @Test
    void whatNobodyCanAskForIsForgotten() {
        set.put(image("a", "cat", Split.HELD_OUT), 0);
        set.put(image("a", "dog", Split.HELD_OUT), 1);
        set.forgetBefore(2);
        assertEquals(List.of("a/dog"), at(1), "an earlier horizon is taken for the earliest that is known");
    }

    @Test
    void equalsAPlainModelUnderAnyHistory() {
        Random random = new Random(11);
        for (int round = 0; round < 200; round++) {
            HeldOutSet tested = new HeldOutSet(1000);
            Map<String, String> labels = new LinkedHashMap<>();
            List<Map<String, String>> states = new ArrayList<>(List.of(Map.of()));
            for (int offset = 0; offset < 60; offset++) {
                String id = "i" + random.nextInt(12);
                int action = random.nextInt(5);
                if (action == 0) {
                    tested.remove(id, offset);
                    labels.remove(id);
                } else if (action == 1) {
                    tested.put(image(id, "cat", Split.TRAIN), offset);
                    labels.remove(id);
                } else {
                    String label = "c" + random.nextInt(3);
                    assertEquals(!labels.containsKey(id), tested.put(image(id, label, Split.HELD_OUT), offset));
                    labels.put(id, label);
                }
                states.add(new HashMap<>(labels));
            }
            for (int horizon = 0; horizon <= 60; horizon++) {
                Map<String, String> found = new HashMap<>();
                tested.at(horizon).forEach(entry -> found.put(entry.image().imageId(), entry.image().label()));
                assertEquals(states.get(horizon), found, "horizon " + horizon);
            }
        }
    }

    @Test
    void memoryStaysBoundedWhenNoCandidateComes() {
        HeldOutSet small = new HeldOutSet(10);
        for (int i = 0; i < 100_000; i++) {
            small.put(image("i" + i, "cat", Split.HELD_OUT), i);
        }
        assertEquals(10, small.at(100_000).size());
        assertTrue(small.remembered() <= 10_100, small.remembered() + " entries");
    }

    private List<String> at(long horizon) {
        return set.at(horizon).stream().map(entry -> entry.image().imageId() + "/" + entry.image().label()).toList();
    }

    private static ImageFeature image(String id, String label, Split split) {
        return new ImageFeature(id, label, split, "m", new float[] {1, 0}, 0, new SourcePosition(0, 0));
    }
}
