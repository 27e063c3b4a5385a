package dev.promptgate.load.plan;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.doubles;
import static org.quicktheories.generators.SourceDSL.longs;

import dev.promptgate.load.plan.ImageSequence.PlannedImage;
import dev.promptgate.messaging.record.Split;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ImageSequenceTest {
    private static LoadPlan plan(double classSkew, double keySkew, double duplicates, double poison, long seed) {
        return Scenario.STEADY.plan(100, 100, 0, classSkew, keySkew, duplicates, poison, seed);
    }

    private static List<PlannedImage> first(LoadPlan plan, int count) {
        ImageSequence images = new ImageSequence(plan, "run", 6);
        return LongStream.range(0, count).mapToObj(images::at).toList();
    }

    /** Within five standard deviations of a binomial, and a record or two at the edges. */
    private static boolean isShare(long found, int of, double share) {
        return Math.abs(found - of * share) <= 5 * Math.sqrt(of * share * (1 - share)) + 2;
    }

    @Test
    void poisonAndDuplicatesComeInTheirShares() {
        qt().withExamples(25).forAll(doubles().between(0, 0.4), doubles().between(0, 0.4), longs().between(0, 1_000_000))
                .check((duplicates, poison, seed) -> {
                    ImageSequence images = new ImageSequence(plan(0.7, 0, duplicates, poison, seed), "run", 6);
                    long poisoned = LongStream.range(0, 2_000).filter(images::isPoison).count();
                    long again = LongStream.range(0, 2_000).mapToObj(images::at).filter(image -> image.origin() != image.number()).count();
                    return isShare(poisoned, 2_000, poison) && isShare(again, 2_000, (1 - poison) * duplicates);
                });
    }

    @Test
    void aDuplicateIsWhatItsFirstOneWas() {
        LoadPlan plan = plan(0.7, 1, 0.3, 0.1, 5);
        ImageSequence sequence = new ImageSequence(plan, "run", 6);
        List<PlannedImage> images = first(plan, 2_000);
        int duplicates = 0;
        for (PlannedImage image : images) {
            if (image.origin() != image.number()) {
                PlannedImage original = images.get((int) image.origin());
                assertEquals(original.number(), original.origin());
                assertFalse(sequence.isPoison(original.number()));
                assertTrue(original.number() < image.number());
                assertEquals(original.id(), image.id());
                assertEquals(original.label(), image.label());
                assertEquals(original.split(), image.split());
                assertEquals(original.partition(), image.partition()); // else they could be taken in the wrong order
                assertArrayEquals(original.bytes(), image.bytes());
                duplicates++;
            }
        }
        assertTrue(duplicates > 400, "duplicates: " + duplicates);
    }

    @Test
    void classesFollowZipfsLaw() {
        for (double skew : new double[] {0, 0.7, 1.5}) {
            ZipfWeights weights = new ZipfWeights(50, skew);
            int[] counts = new int[50];
            int draws = 100_000;
            for (int i = 0; i < draws; i++) {
                counts[weights.rank((i + 0.5) / draws, 50)]++;
            }
            double norm = 0;
            for (int rank = 0; rank < 50; rank++) {
                norm += Math.pow(rank + 1, -skew);
            }
            for (int rank = 0; rank < 50; rank++) {
                assertEquals(Math.pow(rank + 1, -skew) / norm, (double) counts[rank] / draws, 2.0 / draws,
                        "skew " + skew + ", rank " + rank);
            }
        }
    }

    @Test
    void hotKeysFillTheFirstPartitions() {
        Map<Integer, Integer> counts = new HashMap<>();
        first(plan(0, 1, 0, 0, 3), 6_000).forEach(image -> counts.merge(image.partition(), 1, Integer::sum));
        double norm = LongStream.rangeClosed(1, 6).mapToDouble(rank -> 1.0 / rank).sum();
        for (int partition = 0; partition < 6; partition++) {
            assertTrue(isShare(counts.get(partition), 6_000, 1 / (partition + 1.0) / norm), counts.toString());
        }
        assertTrue(first(plan(0, 0, 0, 0, 3), 10).stream().allMatch(image -> image.partition() == null));
    }

    @Test
    void aPlanSendsTheSameEveryTimeAndAnotherSeedSomethingElse() {
        List<PlannedImage> once = first(plan(0.7, 0, 0.1, 0.1, 1), 200);
        List<PlannedImage> again = first(plan(0.7, 0, 0.1, 0.1, 1), 200);
        List<PlannedImage> other = first(plan(0.7, 0, 0.1, 0.1, 2), 200);
        for (int i = 0; i < 200; i++) {
            assertEquals(once.get(i).label(), again.get(i).label());
            assertTrue(Arrays.equals(once.get(i).bytes(), again.get(i).bytes()));
        }
        assertNotEquals(once.stream().map(PlannedImage::label).toList(), other.stream().map(PlannedImage::label).toList());
    }

    @Test
    void idsAreKnownAgainAndThoseOfOthersAreNot() {
        ImageSequence images = new ImageSequence(plan(0, 0, 0, 0, 1), "run", 6);
        assertEquals(17, images.number(images.at(17).id()));
        assertEquals(-1, images.number("photos/apple.jpg"));
        assertEquals(-1, images.number("run-x"));
        assertEquals(-1, images.number("other-17"));
    }

    @Test
    void aStormBringsAThousandClassesWithinAMinuteAndShotsForEach() {
        LoadPlan plan = Scenario.NEW_CLASS_STORM.plan(Scenario.NEW_CLASS_STORM.defaultRate(), Scenario.NEW_CLASS_STORM.defaultSeconds(), 5,
                0.7, 0, 0.02, 0.01, 1);
        ImageSequence images = new ImageSequence(plan, "storm", 6);
        Map<String, Double> firstSeen = new HashMap<>();
        Map<String, Set<String>> shots = new HashMap<>();
        for (long number = 0; number < plan.rate().images(); number++) {
            PlannedImage image = images.at(number);
            if (!images.isPoison(number)) {
                firstSeen.putIfAbsent(image.label(), plan.rate().due(number));
                if (image.split() == null && Split.ofImageId(image.id()) == Split.TRAIN) {
                    shots.computeIfAbsent(image.label(), label -> new HashSet<>()).add(image.id());
                }
            }
        }
        List<Double> late = firstSeen.values().stream().filter(at -> at > 0.5).sorted().toList();
        assertTrue(firstSeen.size() >= 1_055, "classes: " + firstSeen.size());
        assertTrue(late.get(late.size() - 1) <= 61, "last class: " + late.get(late.size() - 1));
        long ready = shots.values().stream().filter(ids -> ids.size() >= 8).count(); // learner.min-shots
        assertTrue(ready >= 850, "classes with enough shots: " + ready);
    }
}
