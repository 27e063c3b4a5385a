package dev.promptgate.cli.demo;

import dev.promptgate.bundled.SampleStream;
import dev.promptgate.cli.demo.DemoPlan.Image;
import dev.promptgate.cli.demo.DemoPlan.Wave;
import dev.promptgate.messaging.record.Split;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Puts incidents into the last four waves of the sample stream. What is sent again goes before the wave's own images, so that one update
 * learns from both; a quarter of the earlier classes' held-out images is kept back for the days after the second incident.
 */
final class Incidents {
    private static final int KEPT_BACK = 4; // one in so many
    private static final List<Incident> ORDER = List.of(Incident.values());

    private Incidents() {}

    static DemoPlan into(DemoPlan plan, long seed) {
        Map<String, String> objects = SampleStream.entries().stream()
                .collect(Collectors.toMap(SampleStream.Entry::file, SampleStream.Entry::carrier));
        int first = plan.waves().size() - ORDER.size();
        List<Image> later = new ArrayList<>();
        List<Image> sent = new ArrayList<>();
        List<Wave> waves = new ArrayList<>();
        for (int i = 0; i < plan.waves().size(); i++) {
            Wave wave = plan.waves().get(i);
            Optional<Incident> incident = i < first ? Optional.empty() : Optional.of(ORDER.get(i - first));
            List<Image> own = new ArrayList<>(wave.images());
            if (i < first + Incident.MISLABELLED_EVIDENCE.ordinal()) {
                List<Image> keptBack = keptBack(own);
                own.removeAll(keptBack);
                later.addAll(keptBack);
            }
            List<Image> images = new ArrayList<>(incident.map(it -> again(it, sent, objects, seed)).orElse(List.of()));
            images.addAll(own);
            Collections.shuffle(later, new Random(seed));
            boolean isBefore = incident.filter(it -> it == Incident.MISLABELLED_EVIDENCE).isPresent();
            waves.add(new Wave(wave.classes(), List.copyOf(images), incident, isBefore ? List.copyOf(later) : List.of()));
            sent.addAll(own);
            sent.addAll(isBefore ? later : List.of());
        }
        return new DemoPlan(plan.name(), plan.probes(), waves, plan.notes());
    }

    private static List<Image> keptBack(List<Image> images) {
        return images.stream().filter(image -> image.split() == Split.HELD_OUT)
                .collect(Collectors.groupingBy(Image::label, TreeMap::new, Collectors.toList())).values().stream()
                .flatMap(of -> of.stream().limit(of.size() / KEPT_BACK)).toList();
    }

    /** What was sent so far, or the training images of it, in a new order; a tool that names objects knows of no probe classes. */
    private static List<Image> again(Incident incident, List<Image> sent, Map<String, String> objects, long seed) {
        List<Image> again = new ArrayList<>(sent.stream()
                .filter(image -> incident.concernsEvidence() || image.split() == Split.TRAIN)
                .map(image -> incident.isCorrection() ? image
                        : new Image(image.image(), objects.get(image.image().id()),
                                image.split() == Split.TRAIN ? Split.TRAIN : Split.HELD_OUT))
                .toList());
        Collections.shuffle(again, new Random(seed + incident.ordinal()));
        return again;
    }
}
