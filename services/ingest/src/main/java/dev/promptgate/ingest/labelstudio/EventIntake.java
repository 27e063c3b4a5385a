package dev.promptgate.ingest.labelstudio;

import dev.promptgate.ingest.config.IngestMeters;
import dev.promptgate.ingest.config.IngestMeters.EventOutcome;
import dev.promptgate.ingest.labelstudio.LabelStudioEvent.Labelled;
import dev.promptgate.ingest.labelstudio.LabelStudioEvent.PassedOver;
import dev.promptgate.ingest.labelstudio.LabelStudioEvent.TaskDeleted;
import dev.promptgate.ingest.labelstudio.LabelStudioEvent.Unlabelled;
import dev.promptgate.ingest.topic.AnnotationIndex;
import dev.promptgate.ingest.topic.LabelWriter;
import dev.promptgate.messaging.record.LabelledImage;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Does what events of Label Studio ask for. The annotation is noted before the label is written and forgotten after the erasure, so that
 * what breaks in between leaves nothing that a deletion would not find. Blocking, and for one thread.
 */
public record EventIntake(LabelWriter writer, AnnotationIndex index, IngestMeters meters) {
    /** The images that got a label, and those that were erased. */
    public record Taken(List<String> labelled, List<String> erased) {}

    /**
     * Returns when Kafka has acknowledged all of it; what was done may be done again.
     *
     * @throws java.util.concurrent.CompletionException around what Kafka's client failed with
     * @throws org.apache.kafka.common.KafkaException if the index cannot be read
     */
    public Taken take(List<LabelStudioEvent> events) {
        List<Labelled> labelled = of(Labelled.class, events).toList();
        List<String> unlabelled = of(Unlabelled.class, events).map(Unlabelled::annotation).toList();
        List<String> inForce = unlabelled.isEmpty() ? List.of() : index.imagesOf(unlabelled);
        List<String> erased = Stream.concat(inForce.stream(), of(TaskDeleted.class, events).map(TaskDeleted::imageId)).distinct().toList();
        all(labelled, label -> index.put(label.imageId(), label.annotation()));
        all(labelled, this::write);
        all(erased, writer::erase);
        all(erased, index::remove);
        count(EventOutcome.LABELLED, labelled.size());
        count(EventOutcome.ERASED, erased.size());
        count(EventOutcome.NOT_IN_FORCE, unlabelled.size() - inForce.size());
        of(PassedOver.class, events).forEach(passed -> count(passed.why(), 1));
        return new Taken(labelled.stream().map(Labelled::imageId).toList(), erased);
    }

    private CompletableFuture<?> write(Labelled label) {
        LabelledImage image = new LabelledImage(label.imageId(), label.label(), null, label.image().bytes(), System.currentTimeMillis());
        return label.image().isReference() ? writer.reference(image) : writer.label(image);
    }

    private void count(EventOutcome outcome, int events) {
        meters.counter(IngestMeters.EVENTS, outcome).increment(events);
    }

    private static <T extends LabelStudioEvent> Stream<T> of(Class<T> type, List<LabelStudioEvent> events) {
        return events.stream().filter(type::isInstance).map(type::cast);
    }

    /** One after another into the producer, then waits for all. */
    private static <T> void all(List<T> items, Function<T, CompletableFuture<?>> write) {
        CompletableFuture.allOf(items.stream().map(write).toArray(CompletableFuture[]::new)).join();
    }
}
