package dev.promptgate.classifier.prompt;

/** A class and its probability among those asked about. */
public record Label(String name, double probability) {}
