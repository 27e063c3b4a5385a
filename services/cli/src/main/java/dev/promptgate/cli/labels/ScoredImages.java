package dev.promptgate.cli.labels;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.scoring.ClassScorer;
import dev.promptgate.clip.text.ClassNameCheck;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.suspect.Prediction;
import dev.promptgate.learning.suspect.Suspect;
import dev.promptgate.messaging.classes.ClassState;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.ImageIds;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import dev.promptgate.messaging.record.SourcePosition;
import dev.promptgate.messaging.record.Split;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The images of image-features, each id where its last usable record puts it, and what a prompt says of them among all their labels. The
 * topic is read twice: {@link #list} learns the classes, {@link #score} asks about each image as it passes, so that no feature is kept. An
 * image that is sent again in between is left out, as are those of retired classes. Not thread-safe.
 */
final class ScoredImages {
    record Image(String id, String label, Split split, SourcePosition source) {}

    private record Last(String label, long offset) {}

    private final ClipModel model;
    private final Prompt prompt;
    private final ClassNameCheck names;
    private final Map<String, Last> last = new HashMap<>();
    private final Set<String> unusable = new HashSet<>();
    private final Set<String> retired = new HashSet<>();
    private final Map<String, String> known = new HashMap<>(); // each label once in memory, not once an image
    private final Map<String, Integer> classes = new HashMap<>();
    private final List<Image> images = new ArrayList<>();
    private final List<Prediction> predictions = new ArrayList<>();
    private ClassScorer scorer;

    ScoredImages(ClipModel model, Prompt prompt) {
        this.model = model;
        this.prompt = prompt;
        names = new ClassNameCheck(model.textEncoder(), prompt.context().tokens());
    }

    void list(ConsumerRecord<byte[], byte[]> record) {
        if (!ImageIds.hasKey(record)) {
            return;
        }
        if (ClassState.isIn(record)) {
            listClass(record);
            return;
        }
        String id = ImageIds.of(record);
        if (record.value() == null) {
            last.remove(id);
            unusable.remove(id);
            return;
        }
        Optional<ImageFeature> feature = usable(record);
        if (feature.isPresent()) {
            last.put(id, new Last(known.computeIfAbsent(feature.get().label(), same -> same), record.offset()));
        } else {
            unusable.add(id);
        }
    }

    private void listClass(ConsumerRecord<byte[], byte[]> record) {
        try {
            ClassState state = ClassState.decode(record);
            if (state.isRetired()) {
                retired.add(state.name());
            } else {
                retired.remove(state.name());
            }
        } catch (InvalidRecordException e) {
            return; // the services that read it say so
        }
    }

    /** Of this model, with a label that makes a prompt: what the services take. */
    private Optional<ImageFeature> usable(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Optional.of(ImageFeature.decode(record)).filter(feature -> feature.modelFingerprint().equals(model.fingerprint())
                    && feature.feature().length == model.featureDim() && names.fits(feature.label()));
        } catch (InvalidRecordException e) {
            return Optional.empty();
        }
    }

    /** Between the two readings. Runs the text tower. */
    List<String> encodeClasses() {
        last.values().removeIf(image -> retired.contains(image.label()));
        Set<String> labels = new TreeSet<>();
        last.values().forEach(image -> labels.add(image.label()));
        List<String> ordered = List.copyOf(labels);
        ordered.forEach(label -> classes.put(label, classes.size()));
        if (!ordered.isEmpty()) {
            scorer = new ClassScorer(prompt.features(model.textEncoder(), ordered));
        }
        return ordered;
    }

    void score(ConsumerRecord<byte[], byte[]> record) {
        Last listed = ImageIds.hasKey(record) ? last.get(ImageIds.of(record)) : null;
        if (listed != null && listed.offset() == record.offset()) {
            ImageFeature feature = usable(record).orElseThrow();
            images.add(new Image(feature.imageId(), listed.label(), feature.split(), feature.source()));
            predictions.add(Prediction.of(feature.feature(), classes.get(listed.label()), scorer, model.logitScale()));
        }
    }

    /** Those that were scored, in the topic's order. */
    List<Image> images() {
        return images;
    }

    /** Places among the images, the most suspect first; {@code classes} as {@link #encodeClasses} gave them. */
    List<Suspect> suspects(List<String> classes) {
        return Suspect.among(predictions, classes);
    }

    /** Ids of which no record could be used. */
    long passedOver() {
        return unusable.stream().filter(id -> !last.containsKey(id)).count();
    }
}
