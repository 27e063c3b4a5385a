package dev.promptgate.cli.demo;

import dev.promptgate.bundled.SampleStream;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.messaging.record.WireName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The order in which the sample stream is played: the classes shuffled by a seed, 20 of them never trained; 60 classes first, with the
 * probe images among them, then five waves of 8 new ones; the images of a wave shuffled.
 */
public record DemoPlan(List<Wave> waves) {
    private static final int PROBE_CLASSES = 20;
    private static final int FIRST_CLASSES = 60;
    private static final int WAVE_CLASSES = 8;

    public record Image(SampleStream.Entry entry, Split split) {}

    /** @param classes newly labelled in this wave */
    public record Wave(List<String> classes, List<Image> images) {
        long count(Split split) {
            return images.stream().filter(image -> image.split() == split).count();
        }
    }

    public static DemoPlan of(long seed) {
        List<SampleStream.Entry> entries = SampleStream.entries();
        List<String> classes = new ArrayList<>(entries.stream().map(SampleStream.Entry::label).distinct().sorted().toList());
        Collections.shuffle(classes, new Random(seed));
        List<String> probe = classes.subList(0, PROBE_CLASSES);
        List<Wave> waves = new ArrayList<>();
        for (int from = PROBE_CLASSES, to = PROBE_CLASSES + FIRST_CLASSES; from < classes.size(); from = to, to += WAVE_CLASSES) {
            List<String> fresh = classes.subList(from, Math.min(to, classes.size()));
            boolean first = waves.isEmpty();
            List<Image> images = new ArrayList<>();
            for (SampleStream.Entry entry : entries) {
                if (fresh.contains(entry.label())) {
                    images.add(new Image(entry, WireName.parse(Split.class, entry.split()).orElseThrow()));
                } else if (first && probe.contains(entry.label())) {
                    images.add(new Image(entry, Split.PROBE));
                }
            }
            Collections.shuffle(images, new Random(seed + waves.size()));
            waves.add(new Wave(List.copyOf(fresh), List.copyOf(images)));
        }
        return new DemoPlan(waves);
    }

    int images() {
        return waves.stream().mapToInt(wave -> wave.images().size()).sum();
    }
}
