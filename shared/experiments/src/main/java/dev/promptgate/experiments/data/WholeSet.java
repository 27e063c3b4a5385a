package dev.promptgate.experiments.data;

import dev.promptgate.experiments.data.ExperimentImage.DataPart;
import dev.promptgate.experiments.data.HashDivision.ListedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Makes an {@link ImageSet} of what a source lists, or says what it lacks. */
record WholeSet(Path source, List<String> classes) {
    /**
     * @param source for messages
     * @param classes in their order; empty: the labels by name
     * @throws DataException for the first thing that is wrong
     */
    static ImageSet of(String name, Path source, List<String> classes, List<ListedImage> listed, List<String> notes) throws DataException {
        List<String> ordered = classes.isEmpty() ? listed.stream().map(ListedImage::label).distinct().sorted().toList() : classes;
        WholeSet check = new WholeSet(source, ordered);
        check.files(listed);
        List<ExperimentImage> images = HashDivision.divide(listed);
        return new ImageSet(name, ordered, images, listed.stream().allMatch(image -> image.part().isPresent()), List.copyOf(notes));
    }

    private void files(List<ListedImage> listed) throws DataException {
        if (listed.isEmpty()) {
            throw new DataException(
                    "There are no images here; images lie in a folder per class, or are listed in a file [data: " + source + "]");
        }
        Set<String> seen = new HashSet<>();
        refuse("Two images have the same id; each must be listed once", "ids",
                listed.stream().map(ListedImage::id).filter(id -> !seen.add(id)).distinct().toList());
        refuse("Listed images are missing; fetch them, or correct the list or the image folder", "files",
                listed.stream().map(ListedImage::file).filter(file -> !Files.isRegularFile(file)).map(Path::toString).toList());
    }

    /** @throws DataException if a class lacks training or test images, or is alone */
    static void requireClasses(ImageSet set, Path source) throws DataException {
        new WholeSet(source, set.classes()).classes(set.images());
    }

    private void classes(List<ExperimentImage> images) throws DataException {
        Map<String, Map<DataPart, Integer>> counts = new HashMap<>();
        images.forEach(image -> counts.computeIfAbsent(image.label(), label -> new EnumMap<>(DataPart.class))
                .merge(image.part(), 1, Integer::sum));
        refuse("Classes have no images; add some, or take the classes out", "classes", where(name -> !counts.containsKey(name)));
        refuse("Classes have one image only; each needs one to train and one to test", "classes",
                where(name -> counts.get(name).values().stream().mapToInt(Integer::intValue).sum() == 1));
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

    private void refuse(String message, String what, Collection<String> wrong) throws DataException {
        if (!wrong.isEmpty()) {
            throw new DataException("%s [data: %s, %s: %s]".formatted(message, source, what, DataException.counted(wrong)));
        }
    }
}
