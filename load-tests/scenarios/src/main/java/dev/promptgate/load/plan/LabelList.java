package dev.promptgate.load.plan;

import dev.promptgate.bundled.SampleStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Class names and their images: the 120 classes of the bundled sample stream, then the same with a word before the name ("striped apple"),
 * which show the same files. To the services these are new classes: they go by the name. Immutable.
 */
final class LabelList {
    private static final List<String> WORDS = List.of("striped", "tiny", "wooden", "golden", "old", "frozen", "painted", "broken", "round",
            "dark", "shiny", "paper");
    private static final int BASE = 120;
    static final int MOST = BASE * (1 + WORDS.size());

    private final List<String> labels;
    private final List<List<byte[]>> files;

    LabelList() {
        Map<String, List<byte[]>> byLabel = new LinkedHashMap<>();
        for (SampleStream.Entry entry : SampleStream.entries()) {
            byLabel.computeIfAbsent(entry.label(), label -> new ArrayList<>()).add(SampleStream.bytes(entry));
        }
        labels = List.copyOf(byLabel.keySet());
        files = List.copyOf(byLabel.values());
        if (labels.size() != BASE) {
            throw new IllegalStateException("The sample stream has another number of classes [found: %d]".formatted(labels.size()));
        }
    }

    String label(int index) {
        return index < BASE ? labels.get(index) : WORDS.get(index / BASE - 1) + " " + labels.get(index % BASE);
    }

    byte[] file(int index, int view) {
        List<byte[]> views = files.get(index % BASE);
        return views.get(view % views.size());
    }
}
