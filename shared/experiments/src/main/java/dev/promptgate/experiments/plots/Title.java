package dev.promptgate.experiments.plots;

/**
 * Stands above a plot.
 *
 * @param headline what is plotted
 * @param subtitle the protocol and the data, shots and seeds included; drawn smaller
 */
public record Title(String headline, String subtitle) {}
