package dev.promptgate.experiments.data;

/**
 * One labelled image.
 *
 * @param id unique within its set, stable between runs: shots are drawn by it
 */
public record ExperimentImage(String id, String label, DataPart part, ImageBytes bytes) {}
