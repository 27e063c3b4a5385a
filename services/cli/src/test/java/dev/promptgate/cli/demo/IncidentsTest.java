package dev.promptgate.cli.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.bundled.SampleStream;
import dev.promptgate.cli.demo.DemoPlan.Image;
import dev.promptgate.cli.demo.DemoPlan.Wave;
import dev.promptgate.messaging.record.Split;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong in the sample stream, and that it is put right. */
class IncidentsTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyLabelIsRightAgainAtTheEnd(long seed) {
        DemoPlan plain = DemoPlan.sample(seed);
        DemoPlan played = Incidents.into(plain, seed);
        assertEquals(byId(plain.images().toList()), byId(played.images().toList()));
        assertEquals(order(played), order(Incidents.into(DemoPlan.sample(seed), seed)), "the same seed plays the same");
        assertEquals(plain.waves().stream().map(Wave::classes).toList(), played.waves().stream().map(Wave::classes).toList());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theLastFourWavesBringTheIncidentsInTheirOrder(long seed) {
        Map<String, String> objects = SampleStream.entries().stream()
                .collect(Collectors.toMap(SampleStream.Entry::file, SampleStream.Entry::carrier));
        Set<String> sent = new HashSet<>();
        List<Incident> incidents = new ArrayList<>();
        for (Wave wave : Incidents.into(DemoPlan.sample(seed), seed).waves()) {
            List<Image> again = wave.images().stream().filter(image -> sent.contains(image.image().id())).toList();
            assertEquals(wave.incident().isPresent(), !again.isEmpty());
            wave.incident().ifPresent(incidents::add);
            for (Image image : again) {
                Incident incident = wave.incident().orElseThrow();
                assertEquals(incident.isCorrection() ? image.image().label() : objects.get(image.image().id()), image.label());
                assertTrue(incident.concernsEvidence() || image.split() == Split.TRAIN, image.toString());
            }
            assertEquals(again, wave.images().subList(0, again.size()), "before the wave's own");
            Optional<Incident> incident = wave.incident().filter(it -> it == Incident.MISLABELLED_EVIDENCE);
            assertEquals(incident.isPresent(), wave.later().size() > 200, "later: " + wave.later().size());
            assertTrue(wave.later().stream().allMatch(image -> image.label().equals(image.image().label())
                    && image.split() == Split.HELD_OUT && !sent.contains(image.image().id())));
            wave.images().forEach(image -> sent.add(image.image().id()));
            wave.later().forEach(image -> sent.add(image.image().id()));
        }
        assertEquals(List.of(Incident.values()), incidents);
    }

    private static List<String> order(DemoPlan plan) {
        return plan.images().map(image -> "%s %s %s".formatted(image.image().id(), image.label(), image.split())).toList();
    }

    /** As what each image was sent last. */
    private static Map<String, String> byId(List<Image> images) {
        Map<String, String> last = new HashMap<>();
        images.forEach(image -> last.put(image.image().id(), image.label() + " " + image.split()));
        return last;
    }
}
