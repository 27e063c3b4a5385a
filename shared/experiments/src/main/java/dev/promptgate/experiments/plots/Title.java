package dev.promptgate.experiments.plots;

/** Stands above a plot: what is plotted and, smaller, the protocol and the data, shots and seeds included. */
public record Title(String headline, String subtitle) {}
