package dev.promptgate.cli.demo;

import dev.promptgate.experiments.data.DataException;
import dev.promptgate.experiments.data.ExperimentImage;
import dev.promptgate.experiments.data.ExperimentImage.DataPart;
import dev.promptgate.experiments.data.ImageSet;
import dev.promptgate.messaging.record.Split;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The order in which labelled images are played: the classes shuffled by a seed, one in six of them never trained; half of them first, with
 * the probe images among them, then the others in up to five waves; the images of a wave shuffled.
 *
 * @param name of the image set
 * @param probes the classes that are never trained
 * @param notes a line for whatever was left out
 */
public record DemoPlan(String name, List<String> probes, List<Wave> waves, List<String> notes) {
    private static final int LEAST_CLASSES = 5;
    private static final int LEAST_TOGETHER = 2; // a class alone has nothing to be told from
    private static final int WAVES = 5;

    /** @param label that it is sent with, which an {@link Incident} may make another than its own */
    public record Image(ExperimentImage image, String label, Split split) {
        Image(ExperimentImage image, Split split) {
            this(image, image.label(), split);
        }
    }

    /**
     * What is sent together.
     *
     * @param classes newly labelled in this wave
     * @param later images that are sent when all else of the wave is digested
     */
    public record Wave(List<String> classes, List<Image> images, Optional<Incident> incident, List<Image> later) {
        Wave(List<String> classes, List<Image> images) {
            this(classes, images, Optional.empty(), List.of());
        }
    }

    /**
     * How much of an image set is played.
     *
     * @param shots most training images of a class
     * @param leastTrain a class with fewer training images is left out
     * @param leastHeldOut the same of held-out images
     * @param mostOfClass most images of a class
     * @param most images altogether; there are as many classes as find room with {@code shots} training images and half as many held-out
     */
    record Bounds(int shots, int leastTrain, int leastHeldOut, int mostOfClass, int most) {
        /** Those of the bundled sample stream, which fits them whole. */
        static final Bounds SAMPLE = new Bounds(16, 8, 2, 200, 3840);

        /** @throws IllegalArgumentException if not even the fewest classes find room */
        Bounds {
            if (most / ofClass(shots) < LEAST_CLASSES) {
                throw new IllegalArgumentException("--max-images must leave room for %d classes with %d images each [--max-images: %d]"
                        .formatted(LEAST_CLASSES, ofClass(shots), most));
            }
        }

        private static int ofClass(int shots) {
            return shots * 3 / 2;
        }

        int classes() {
            return most / ofClass(shots);
        }
    }

    /** Draws from an image set by a seed; the same set, bounds and seed give the same plan. */
    private record Draw(ImageSet set, Bounds bounds, long seed, Map<String, List<ExperimentImage>> byClass) {
        boolean suffices(String name) {
            List<ExperimentImage> images = byClass.getOrDefault(name, List.of());
            long train = images.stream().filter(Draw::isTraining).count();
            return set.divided() ? train >= bounds.leastTrain() && images.size() - train >= bounds.leastHeldOut()
                    : images.size() >= bounds.leastTrain() + bounds.leastHeldOut();
        }

        /** What each image of a class is played as, by its id; a third is held out where the set does not say which are. */
        Map<String, Split> splits(String name, int most, boolean isProbe) {
            List<ExperimentImage> images = new ArrayList<>(byClass.get(name));
            Collections.shuffle(images, new Random(seed));
            int thirds = Math.min(bounds.shots(), Math.max(bounds.leastTrain(), Math.min(images.size(), most) * 2 / 3));
            List<ExperimentImage> train = set.divided() ? images.stream().filter(Draw::isTraining).toList() : images.subList(0, thirds);
            List<ExperimentImage> heldOut = set.divided() ? images.stream().filter(image -> !isTraining(image)).toList()
                    : images.subList(thirds, images.size());
            int training = Math.min(train.size(), Math.min(bounds.shots(), most - bounds.leastHeldOut()));
            Map<String, Split> splits = new HashMap<>();
            train.stream().limit(training).forEach(image -> splits.put(image.id(), isProbe ? Split.PROBE : Split.TRAIN));
            heldOut.stream().limit(most - training).forEach(image -> splits.put(image.id(), isProbe ? Split.PROBE : Split.HELD_OUT));
            return splits;
        }

        private static boolean isTraining(ExperimentImage image) {
            return image.part() == DataPart.TRAIN;
        }
    }

    public static DemoPlan sample(long seed) {
        try {
            return of(ImageSet.sample(), Bounds.SAMPLE, seed);
        } catch (DataException e) {
            throw new IllegalStateException("The bundled sample stream is not whole", e);
        }
    }

    /** @throws DataException if too few classes have enough images */
    static DemoPlan of(ImageSet set, Bounds bounds, long seed) throws DataException {
        Draw draw = new Draw(set, bounds, seed, set.images().stream().collect(Collectors.groupingBy(ExperimentImage::label)));
        List<String> fitting = new ArrayList<>(set.classes().stream().filter(draw::suffices).toList());
        if (fitting.size() < LEAST_CLASSES) {
            throw new DataException(
                    ("The demo needs at least %d classes with at least %d training and %d held-out images each; add images, or "
                            + "lower learner.min-shots [images: %s, classes: %d, with enough images: %d]").formatted(LEAST_CLASSES,
                                    bounds.leastTrain(), bounds.leastHeldOut(), set.name(), set.classes().size(), fitting.size()));
        }
        Collections.shuffle(fitting, new Random(seed));
        List<String> classes = fitting.subList(0, Math.min(fitting.size(), bounds.classes()));
        int probes = Math.max(LEAST_TOGETHER, Math.round(classes.size() / 6f));
        int most = Math.min(bounds.mostOfClass(), bounds.most() / classes.size());
        Map<String, Split> splits = new HashMap<>();
        classes.forEach(name -> splits.putAll(draw.splits(name, most, classes.indexOf(name) < probes)));
        return new DemoPlan(set.name(), List.copyOf(classes.subList(0, probes)), waves(set, classes, probes, splits, seed),
                notes(set, fitting, splits.size()));
    }

    private static List<Wave> waves(ImageSet set, List<String> classes, int probes, Map<String, Split> splits, long seed) {
        int first = Math.max(LEAST_TOGETHER, classes.size() / 2);
        int later = (classes.size() - probes - first + WAVES - 1) / WAVES;
        List<Wave> waves = new ArrayList<>();
        for (int from = probes, to = probes + first; from < classes.size(); from = to, to += later) {
            List<String> fresh = classes.subList(from, Math.min(to, classes.size()));
            Set<String> played = new HashSet<>(waves.isEmpty() ? classes.subList(0, to) : fresh);
            List<Image> images = new ArrayList<>(set.images().stream()
                    .filter(image -> played.contains(image.label()) && splits.containsKey(image.id()))
                    .map(image -> new Image(image, splits.get(image.id()))).toList());
            Collections.shuffle(images, new Random(seed + waves.size()));
            waves.add(new Wave(List.copyOf(fresh), List.copyOf(images)));
        }
        return waves;
    }

    private static List<String> notes(ImageSet set, List<String> fitting, int played) {
        List<String> notes = new ArrayList<>(set.notes());
        List<String> small = set.classes().stream().filter(name -> !fitting.contains(name)).toList();
        if (!small.isEmpty()) {
            notes.add("Classes with too few images are left out [classes: " + DataException.counted(small) + "]");
        }
        if (played < set.images().size()) {
            notes.add("%d of %d images are played".formatted(played, set.images().size()));
        }
        return notes;
    }

    public Stream<Image> images() {
        return waves.stream().flatMap(wave -> Stream.concat(wave.images().stream(), wave.later().stream()));
    }

    /** What is played, in words for people. */
    String description() {
        return "%s: %d classes in %d waves, %d probe classes that are never trained, %d images".formatted(name,
                waves.stream().mapToInt(wave -> wave.classes().size()).sum(), waves.size(), probes.size(), images().count());
    }
}
