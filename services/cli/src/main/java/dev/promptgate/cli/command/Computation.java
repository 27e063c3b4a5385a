package dev.promptgate.cli.command;

/** A command that computes and has nothing to close: a signal may end it at once, wherever it is. */
public interface Computation {}
