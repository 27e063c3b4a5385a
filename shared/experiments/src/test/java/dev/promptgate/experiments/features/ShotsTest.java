package dev.promptgate.experiments.features;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;

import dev.promptgate.experiments.features.FeatureSet.Sample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShotsTest {
    private static final List<String> CLASSES = List.of("ant", "bus", "cat", "dog");

    @Test
    void aClassGetsTheSameShotsWhateverTheOthersAreAndInWhateverOrder() {
        qt().withExamples(200).forAll(integers().between(1, 20), integers().between(0, 10_000), integers().between(0, 3))
                .checkAssert((shots, seed, wanted) -> {
                    FeatureSet set = set(CLASSES, 12);
                    List<Integer> indices = new ArrayList<>(List.of(0, 1, 2, 3));
                    Collections.shuffle(indices, new Random(seed));
                    FeatureSet reordered = set(indices.stream().map(CLASSES::get).toList(), 12);
                    Set<String> alone = ids(Shots.draw(set, List.of(wanted), shots, seed), 0);
                    assertEquals(Math.min(shots, 12), alone.size());
                    assertEquals(alone, ids(Shots.draw(set, indices, shots, seed), indices.indexOf(wanted)));
                    assertEquals(alone, ids(draw(reordered, shots, seed), indices.indexOf(wanted)));
                });
    }

    @Test
    void theOrderOfTheImagesDoesNotMatter() {
        FeatureSet set = set(CLASSES, 12);
        List<Sample> shuffled = new ArrayList<>(set.train());
        Collections.shuffle(shuffled, new Random(1));
        FeatureSet other = new FeatureSet("test", CLASSES, shuffled, List.of(), List.of());
        List<Sample> expected = draw(set, 4, 3);
        List<Sample> actual = draw(other, 4, 3);
        assertEquals(expected.stream().map(ShotsTest::id).toList(), actual.stream().map(ShotsTest::id).toList());
    }

    @Test
    void fewerShotsArePartOfMore() {
        qt().withExamples(200).forAll(integers().between(1, 11), integers().between(0, 10_000)).checkAssert((shots, seed) -> {
            FeatureSet set = set(CLASSES, 12);
            assertTrue(ids(Shots.draw(set, List.of(2), shots + 1, seed), 0).containsAll(ids(Shots.draw(set, List.of(2), shots, seed), 0)));
        });
    }

    @Test
    void seedsDrawEveryImageEquallyOften() {
        FeatureSet set = set(List.of("ant"), 8);
        int[] drawn = new int[8];
        for (long seed = 0; seed < 4000; seed++) {
            draw(set, 2, seed).forEach(sample -> drawn[(int) sample.views()[0][1]]++);
        }
        for (int count : drawn) {
            assertEquals(1000, count, 110); // four standard deviations
        }
    }

    @Test
    void indicesAreThoseOfTheTaskAndViewsAreKept() {
        FeatureSet set = set(CLASSES, 12);
        List<Sample> drawn = Shots.draw(set, List.of(3, 1), 2, 1);
        assertEquals(List.of(0, 0, 1, 1), drawn.stream().map(Sample::classIndex).toList());
        assertEquals(List.of('d', 'd', 'b', 'b'), drawn.stream().map(sample -> id(sample).charAt(0)).toList());
        assertTrue(set.train().stream().anyMatch(sample -> sample.views() == drawn.get(0).views()));
        assertSame(drawn.get(0).views(), Shots.draw(set, List.of(3, 1), 2, 1).get(0).views());
    }

    @Test
    void classesWithFewerImagesGiveAllTheyHaveAndAreNamed() {
        List<Sample> train = new ArrayList<>(set(CLASSES, 12).train());
        train.removeIf(sample -> sample.classIndex() == 2 && !sample.id().equals("cat3"));
        FeatureSet set = new FeatureSet("test", CLASSES, train, List.of(), List.of());
        assertEquals(4 + 4 + 1 + 4, draw(set, 4, 1).size());
        assertEquals(List.of("cat (1)"), Shots.fewer(set, 4));
        assertEquals(List.of(), Shots.fewer(set, 1));
    }

    /** Each image's view holds the first letter of its class and its number. */
    private static FeatureSet set(List<String> classes, int each) {
        List<Sample> train = new ArrayList<>();
        for (int c = 0; c < classes.size(); c++) {
            for (int i = 0; i < each; i++) {
                train.add(new Sample(classes.get(c) + i, c, new float[][] {{classes.get(c).charAt(0), i}}));
            }
        }
        return new FeatureSet("test", classes, train, List.of(), List.of());
    }

    private static List<Sample> draw(FeatureSet set, int shots, long seed) {
        return Shots.draw(set, IntStream.range(0, set.classes().size()).boxed().toList(), shots, seed);
    }

    private static String id(Sample sample) {
        return (char) sample.views()[0][0] + "" + (int) sample.views()[0][1];
    }

    private static Set<String> ids(List<Sample> samples, int classIndex) {
        return new HashSet<>(samples.stream().filter(sample -> sample.classIndex() == classIndex).map(ShotsTest::id).toList());
    }
}
