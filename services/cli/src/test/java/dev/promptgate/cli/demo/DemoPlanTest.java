package dev.promptgate.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.experiments.data.DataException;
import dev.promptgate.experiments.data.ImageSet;
import dev.promptgate.messaging.record.Split;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is played of whose images, and in which order. */
class DemoPlanTest {
    @TempDir
    private Path root;

    @ParameterizedTest
    @CsvSource({"1, ead8fa4c87aa8f79", "2, 85369c37ba30720e", "3, bb691aa42eaac19a"})
    void theSampleStreamIsPlayedAsItWasBefore(long seed, String expected) throws Exception {
        StringBuilder plan = new StringBuilder();
        for (DemoPlan.Wave wave : DemoPlan.sample(seed).waves()) {
            plan.append(wave.classes()).append('\n');
            wave.images().forEach(i -> plan.append("%s %s %s\n".formatted(i.image().id(), i.image().label(), i.split())));
        }
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(plan.toString().getBytes(StandardCharsets.UTF_8));
        assertEquals(expected, HexFormat.of().formatHex(digest).substring(0, 16));
    }

    @Test
    void aFolderIsPlayedInTheProportionsOfTheSampleStream() throws Exception {
        for (int i = 0; i < 24; i++) {
            images("class " + i, 30);
        }
        DemoPlan plan = plan(2880);
        assertEquals(4, plan.probes().size());
        assertEquals(List.of(12, 2, 2, 2, 2), plan.waves().stream().map(wave -> wave.classes().size()).toList());
        Map<String, Map<Split, Long>> counts = counts(plan);
        assertEquals(24, counts.size());
        counts.forEach((label, of) -> assertEquals(
                plan.probes().contains(label) ? Map.of(Split.PROBE, 30L) : Map.of(Split.TRAIN, 16L, Split.HELD_OUT, 14L), of, label));
        for (DemoPlan.Wave wave : plan.waves()) {
            Set<String> labels = wave.images().stream().filter(image -> image.split() != Split.PROBE).map(image -> image.image().label())
                    .collect(Collectors.toSet());
            assertEquals(Set.copyOf(wave.classes()), labels);
        }
        assertTrue(plan.waves().stream().skip(1).flatMap(wave -> wave.images().stream()).noneMatch(i -> i.split() == Split.PROBE));
        assertEquals(List.of(), plan.notes());
        assertEquals(order(plan), order(plan(2880)));
        assertNotEquals(order(plan), order(DemoPlan.of(ImageSet.read(root, Optional.empty()), bounds(2880), 2)));
    }

    @Test
    void trainAndTestFoldersAreTheSplits() throws Exception {
        for (String label : List.of("a", "b", "c", "d", "e")) {
            images("train/" + label, 20);
            images("test/" + label, 3);
        }
        images("train/f", 20); // nothing judges it
        images("train/g", 7);
        images("test/g", 9);
        DemoPlan plan = plan(2880);
        counts(plan).forEach((label, of) -> assertEquals(
                plan.probes().contains(label) ? Map.of(Split.PROBE, 19L) : Map.of(Split.TRAIN, 16L, Split.HELD_OUT, 3L), of, label));
        plan.images().filter(image -> image.split() != Split.PROBE)
                .forEach(image -> assertEquals(image.split() == Split.TRAIN, image.image().id().startsWith("train/"), image.image().id()));
        assertEquals(List.of("Classes with too few images are left out [classes: 2: f, g]", "95 of 151 images are played"), plan.notes());
    }

    @Test
    void unevenClassesGiveWhatTheyHave() throws Exception {
        Map<String, Integer> sizes = Map.of("a", 10, "b", 13, "c", 24, "d", 500, "e", 24, "f", 10, "g", 9, "h", 1);
        for (Map.Entry<String, Integer> size : sizes.entrySet()) {
            images(size.getKey(), size.getValue());
        }
        DemoPlan plan = plan(720); // 6 classes of at most 120
        Map<String, Map<Split, Long>> expected = Map.of("a", Map.of(Split.TRAIN, 8L, Split.HELD_OUT, 2L), "b",
                Map.of(Split.TRAIN, 8L, Split.HELD_OUT, 5L), "c", Map.of(Split.TRAIN, 16L, Split.HELD_OUT, 8L), "d",
                Map.of(Split.TRAIN, 16L, Split.HELD_OUT, 104L), "e", Map.of(Split.TRAIN, 16L, Split.HELD_OUT, 8L), "f",
                Map.of(Split.TRAIN, 8L, Split.HELD_OUT, 2L));
        Map<String, Map<Split, Long>> counts = counts(plan);
        assertEquals(expected.keySet(), counts.keySet());
        counts.forEach((label, of) -> assertEquals(
                plan.probes().contains(label) ? Map.of(Split.PROBE, (long) Math.min(120, sizes.get(label))) : expected.get(label), of,
                label));
        assertTrue(plan.notes().contains("Classes with too few images are left out [classes: 2: g, h]"), plan.notes().toString());
    }

    @Test
    void asManyClassesAsFindRoomArePlayed() throws Exception {
        for (int i = 0; i < 40; i++) {
            images("class " + i, 30);
        }
        DemoPlan plan = plan(250);
        assertEquals(10, counts(plan).size());
        assertEquals(250, plan.images().count());
        assertEquals(List.of("250 of 1200 images are played"), plan.notes());
        String message = assertThrows(IllegalArgumentException.class, () -> plan(119)).getMessage();
        assertTrue(message.contains("5 classes with 24 images each [--max-images: 119]"), message);
    }

    @Test
    void hiddenFilesAreNotPlayedAndLinksAreFollowed(@TempDir Path elsewhere) throws Exception {
        for (String label : List.of("a", "b", "c", "d", ".git", "__MACOSX/a")) {
            images(label, 12);
        }
        Files.writeString(root.resolve("a/._0.jpg"), "");
        for (int i = 0; i < 12; i++) {
            Files.writeString(elsewhere.resolve(i + ".png"), "");
        }
        Files.createSymbolicLink(root.resolve("linked_class"), elsewhere);
        DemoPlan plan = plan(2880);
        assertEquals(Set.of("a", "b", "c", "d", "linked_class"), counts(plan).keySet());
        assertEquals(60, plan.images().count());
        assertTrue(plan.notes().get(0).endsWith("hidden: 3: .git, __MACOSX, a/._0.jpg]"), plan.notes().toString());
    }

    @Test
    void tooFewClassesOrImagesAreOneLine() throws Exception {
        images("a", 9);
        for (String label : List.of("b", "c", "d", "e")) {
            images(label, 10);
        }
        String message = assertThrows(DataException.class, () -> plan(2880)).getMessage();
        assertTrue(message.startsWith("The demo needs at least 5 classes with at least 8 training and 2 held-out images each"), message);
        assertTrue(message.endsWith("[images: %s, classes: 5, with enough images: 4]".formatted(root.getFileName())), message);
        images("a", 10);
        assertEquals(List.of(2, 1), plan(2880).waves().stream().map(wave -> wave.classes().size()).toList());
    }

    @ParameterizedTest
    @CsvSource({"3, 32, 2s, 1s", "280, 7, 7840ms, 7840ms", "4000, 1, 16s, 16s"})
    void batchesAndPausesFollowFromTheModelsPace(long millis, String batch, String settle, String idle) {
        assertEquals(Map.of("encoder.batch-size", batch, "learner.settle-time", settle, "evaluator.idle-time", idle),
                new DemoPace(Duration.ofMillis(millis)).settings());
    }

    private void images(String folder, int count) throws IOException {
        Files.createDirectories(root.resolve(folder));
        for (int i = 0; i < count; i++) {
            Files.writeString(root.resolve(folder).resolve(i + ".jpg"), "");
        }
    }

    private static DemoPlan.Bounds bounds(int most) {
        return new DemoPlan.Bounds(16, 8, 2, 200, most);
    }

    private DemoPlan plan(int most) throws DataException {
        return DemoPlan.of(ImageSet.read(root, Optional.empty()), bounds(most), 1);
    }

    private static List<String> order(DemoPlan plan) {
        return plan.images().map(image -> image.image().id() + " " + image.split()).toList();
    }

    private static Map<String, Map<Split, Long>> counts(DemoPlan plan) {
        return plan.images().collect(Collectors.groupingBy(image -> image.image().label(), TreeMap::new,
                Collectors.groupingBy(DemoPlan.Image::split, () -> new EnumMap<>(Split.class), Collectors.counting())));
    }
}
