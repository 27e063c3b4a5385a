package dev.promptgate.experiments.data;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;

import dev.promptgate.experiments.data.ExperimentImage.DataPart;
import dev.promptgate.experiments.data.ExperimentImage.ImageBytes;
import dev.promptgate.experiments.data.ListedImage.ListedSplit;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.zip.CRC32;

/** Makes an {@link ImageSet} of what a source, named in messages, lists, or says what it lacks for that. */
record WholeSet(Path source, List<String> classes) {
    private static final int TEST_ONE_IN = 5;
    private static final Comparator<ListedImage> BY_HASH = Comparator.comparingLong((ListedImage image) -> hash(image.id()))
            .thenComparing(ListedImage::id);

    /** @throws DataException for the first thing that is wrong */
    static ImageSet of(Listing listing, Path source) throws DataException {
        List<ListedImage> listed = listing.images();
        List<String> ordered = listing.classes().isEmpty() ? listed.stream().map(ListedImage::label).distinct().sorted().toList()
                : listing.classes();
        WholeSet check = new WholeSet(source, ordered);
        check.refuse("The protocol says which classes are never trained, so an image is for train or for test, not a probe", "ids",
                listed.stream().filter(image -> image.split().equals(Optional.of(ListedSplit.PROBE))).map(ListedImage::id).toList());
        check.refuse("Listed images are missing; fetch them, or correct the list or the image folder", "files",
                listed.stream().map(ListedImage::location).filter(location -> !location.exists()).map(Object::toString).toList());
        return new ImageSet(listing.name(), ordered, divide(listed), listed.stream().allMatch(image -> image.split().isPresent()),
                listing.notes());
    }

    /**
     * Divides images that say not what they are for: by CRC-32 of the id, 1 in 5 is for testing. That is the rule of the stream's held-out
     * split (dev.promptgate.messaging.record.Split#ofImageId), so a folder that is pushed and compared holds out the same images; neither
     * may change. Only in a class that the rule leaves without test or training images does the one with the smallest hash change sides.
     */
    static List<ExperimentImage> divide(List<ListedImage> listed) {
        Map<String, DataPart> byId = new HashMap<>();
        listed.forEach(image -> byId.put(image.id(),
                image.split().map(WholeSet::part).orElseGet(() -> hash(image.id()) % TEST_ONE_IN == 0 ? DataPart.TEST : DataPart.TRAIN)));
        listed.stream().collect(groupingBy(ListedImage::label)).values().forEach(images -> {
            Set<DataPart> parts = images.stream().map(image -> byId.get(image.id())).collect(toSet());
            if (parts.size() == 1) {
                images.stream().filter(image -> image.split().isEmpty()).min(BY_HASH)
                        .ifPresent(image -> byId.put(image.id(), parts.contains(DataPart.TEST) ? DataPart.TRAIN : DataPart.TEST));
            }
        });
        return listed.stream()
                .map(image -> new ExperimentImage(image.id(), image.label(), byId.get(image.id()), ImageBytes.of(image.location())))
                .toList();
    }

    private static DataPart part(ListedSplit split) {
        return split == ListedSplit.TRAIN ? DataPart.TRAIN : DataPart.TEST;
    }

    private static long hash(String id) {
        CRC32 crc = new CRC32();
        crc.update(id.getBytes(StandardCharsets.UTF_8));
        return crc.getValue();
    }

    /** @throws DataException if a class lacks training or test images, or is alone */
    static void requireClasses(ImageSet set, Path source) throws DataException {
        new WholeSet(source, set.classes()).classes(set.images());
    }

    private void classes(List<ExperimentImage> images) throws DataException {
        Map<String, Map<DataPart, Long>> counts = images.stream()
                .collect(groupingBy(ExperimentImage::label, groupingBy(ExperimentImage::part, counting())));
        refuse("Classes have no images; add some, or take the classes out", "classes", where(name -> !counts.containsKey(name)));
        refuse("Classes have one image only; each needs one to train and one to test", "classes",
                where(name -> counts.get(name).values().stream().mapToLong(Long::longValue).sum() == 1));
        refuse("Classes have no test images; each needs at least one", "classes",
                where(name -> !counts.get(name).containsKey(DataPart.TEST)));
        refuse("Classes have no training images; each needs at least one", "classes",
                where(name -> !counts.get(name).containsKey(DataPart.TRAIN)));
        if (classes.size() < 2) {
            throw new DataException("There is one class only; at least two are needed to tell apart [data: %s, class: %s]".formatted(source,
                    classes.get(0)));
        }
    }

    private List<String> where(Predicate<String> wrong) {
        return classes.stream().filter(wrong).toList();
    }

    private void refuse(String message, String what, List<String> wrong) throws DataException {
        if (!wrong.isEmpty()) {
            throw new DataException("%s [data: %s, %s: %s]".formatted(message, source, what, DataException.counted(wrong)));
        }
    }
}
