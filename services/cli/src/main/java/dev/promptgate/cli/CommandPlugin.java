package dev.promptgate.cli;

/**
 * A command that another jar adds to {@code promptgate}: a picocli command with a public constructor without parameters, named in
 * {@code META-INF/services/dev.promptgate.cli.CommandPlugin}. What ships knows none of them; load and benchmarks come in this way.
 */
public interface CommandPlugin {}
