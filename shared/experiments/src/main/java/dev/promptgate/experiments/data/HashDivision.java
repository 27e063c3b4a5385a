package dev.promptgate.experiments.data;

import dev.promptgate.experiments.data.ExperimentImage.DataPart;
import dev.promptgate.experiments.data.ExperimentImage.ImageBytes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * Divides images that say not what they are for: by CRC-32 of the id, 1 in 5 is for testing. That is the rule of the stream's held-out
 * split (dev.promptgate.messaging.record.Split#ofImageId), so a folder that is pushed and compared holds out the same images; neither may
 * change. Only where the rule leaves a class without test or without training images does the one with the smallest hash change sides.
 */
final class HashDivision {
    /**
     * A file as a source names it.
     *
     * @param part empty leaves it to the rule
     */
    record ListedImage(String id, String label, Optional<DataPart> part, Path file) {}

    private static final int TEST_ONE_IN = 5;
    private static final Comparator<ListedImage> BY_HASH = Comparator.comparingLong((ListedImage image) -> hash(image.id()))
            .thenComparing(ListedImage::id);

    private HashDivision() {}

    static List<ExperimentImage> divide(List<ListedImage> listed) {
        Map<String, List<ListedImage>> open = new HashMap<>();
        Map<String, Set<DataPart>> partsOf = new HashMap<>();
        Map<String, DataPart> byId = new HashMap<>();
        for (ListedImage image : listed) {
            DataPart part = image.part().orElseGet(() -> hash(image.id()) % TEST_ONE_IN == 0 ? DataPart.TEST : DataPart.TRAIN);
            byId.put(image.id(), part);
            partsOf.computeIfAbsent(image.label(), label -> new HashSet<>()).add(part);
            if (image.part().isEmpty()) {
                open.computeIfAbsent(image.label(), label -> new ArrayList<>()).add(image);
            }
        }
        open.forEach((label, images) -> {
            if (partsOf.get(label).size() == 1) {
                DataPart missing = partsOf.get(label).contains(DataPart.TEST) ? DataPart.TRAIN : DataPart.TEST;
                byId.put(images.stream().min(BY_HASH).orElseThrow().id(), missing);
            }
        });
        return listed.stream()
                .map(image -> new ExperimentImage(image.id(), image.label(), byId.get(image.id()), ImageBytes.of(image.file()))).toList();
    }

    private static long hash(String id) {
        CRC32 crc = new CRC32();
        crc.update(id.getBytes(StandardCharsets.UTF_8));
        return crc.getValue();
    }
}
