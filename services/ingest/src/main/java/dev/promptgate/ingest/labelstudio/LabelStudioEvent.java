package dev.promptgate.ingest.labelstudio;

import dev.promptgate.ingest.config.IngestMeters.EventOutcome;

/** What an annotation or a task in an event of Label Studio asks for. */
public sealed interface LabelStudioEvent {
    /** An annotation gives a task's image a label. */
    record Labelled(String imageId, String annotation, String label, TaskImage image) implements LabelStudioEvent {}

    /** An annotation is gone, or has no choice any more. */
    record Unlabelled(String annotation) implements LabelStudioEvent {}

    record TaskDeleted(String imageId) implements LabelStudioEvent {}

    record PassedOver(EventOutcome why) implements LabelStudioEvent {}
}
