package dev.promptgate.experiments.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.integers;

import dev.promptgate.experiments.data.ExperimentImage.DataPart;
import dev.promptgate.experiments.data.ListedImage.ListedSplit;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class HashDivisionTest {
    @Test
    void everyClassOfTwoOrMoreGetsBothPartsInAnyOrderOfTheImages() {
        qt().forAll(integers().between(2, 12), integers().between(0, 1_000_000)).checkAssert((count, salt) -> {
            List<ListedImage> listed = new ArrayList<>(images("cat", count, salt));
            listed.addAll(images("dog", 2, salt));
            Map<String, DataPart> divided = divide(listed);
            for (String label : List.of("cat", "dog")) {
                assertEquals(EnumSet.allOf(DataPart.class), divided.entrySet().stream().filter(e -> e.getKey().startsWith(label))
                        .map(Map.Entry::getValue).collect(Collectors.toSet()));
            }
            Collections.shuffle(listed, new Random(salt));
            assertEquals(divided, divide(listed));
        });
    }

    @Test
    void atMostOneImageOfAClassDepartsFromTheStreamsRuleAndOnlyIfItMust() {
        qt().forAll(integers().between(2, 12), integers().between(0, 1_000_000)).checkAssert((count, salt) -> {
            Map<String, DataPart> divided = divide(images("cat", count, salt));
            Set<DataPart> byRule = divided.keySet().stream().map(HashDivisionTest::rule).collect(Collectors.toSet());
            long departing = divided.entrySet().stream().filter(e -> e.getValue() != rule(e.getKey())).count();
            assertEquals(byRule.size() == 2 ? 0 : 1, departing);
        });
    }

    @Test
    void givenPartsStandAndTheRestFillsWhatIsMissing() {
        List<ListedImage> listed = new ArrayList<>();
        for (ListedImage image : images("cat", 4, 1)) {
            listed.add(new ListedImage(image.id(), image.label(), Optional.of(ListedSplit.TRAIN), image.location()));
        }
        String trainByRule = IntStream.range(0, 100).mapToObj(i -> "x" + i).filter(id -> rule(id) == DataPart.TRAIN).findFirst()
                .orElseThrow();
        listed.add(new ListedImage(trainByRule, "cat", Optional.empty(), new ImageFile(Path.of(trainByRule))));
        Map<String, DataPart> divided = divide(listed);
        assertEquals(DataPart.TEST, divided.remove(trainByRule));
        assertEquals(Set.of(DataPart.TRAIN), Set.copyOf(divided.values()));
    }

    private static List<ListedImage> images(String label, int count, int salt) {
        return IntStream.range(0, count).mapToObj(i -> label + "/" + salt + "-" + i)
                .map(id -> new ListedImage(id, label, Optional.empty(), new ImageFile(Path.of(id)))).toList();
    }

    private static Map<String, DataPart> divide(List<ListedImage> listed) {
        return WholeSet.divide(listed).stream().collect(Collectors.toMap(ExperimentImage::id, ExperimentImage::part));
    }

    private static DataPart rule(String id) {
        CRC32 crc = new CRC32();
        crc.update(id.getBytes(StandardCharsets.UTF_8));
        return crc.getValue() % 5 == 0 ? DataPart.TEST : DataPart.TRAIN;
    }
}
