package dev.promptgate.load.service;

import java.net.URI;

/**
 * A process whose meters and memory are sampled.
 *
 * @param name the service's
 * @param address where its metrics are; null if it has none
 * @param handle null if it runs elsewhere: its memory and time then come from its meters alone
 */
public record Watched(String name, URI address, ProcessHandle handle) {}
