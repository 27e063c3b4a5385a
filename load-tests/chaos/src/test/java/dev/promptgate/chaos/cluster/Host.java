package dev.promptgate.chaos.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where a process of a test runs: a network address, and commands that start there. On a {@link Network} it has a network and mounts of its
 * own, made by a process that does nothing else; they go when that one and all others on the host have ended, also if this JVM is killed.
 */
public final class Host implements AutoCloseable {
    private final String name;
    private final String address;
    private final Optional<Process> holder;

    private Host(String name, String address, Optional<Process> holder) {
        this.name = name;
        this.address = address;
        this.holder = holder;
    }

    /** This machine, under another name. */
    public static Host onLoopback(String name) {
        return new Host(name, "127.0.0.1", Optional.empty());
    }

    /** With a network and mounts of its own; throws IOException where the machine does not allow them. */
    static Host ofItsOwn(String name, String address) throws IOException {
        // It ends when its standard input does: with this JVM at the latest.
        Process holder = new ProcessBuilder("unshare", "-n", "-m", "sh", "-c", "echo ready; exec cat").redirectErrorStream(true).start();
        BufferedReader out = new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8));
        String said = out.readLine();
        if (!"ready".equals(said)) {
            throw new IOException("no network of its own for a process: " + said);
        }
        return new Host(name, address, Optional.of(holder));
    }

    public String name() {
        return name;
    }

    public String address() {
        return address;
    }

    /** Whether its network and mounts are its own. */
    boolean isOfItsOwn() {
        return holder.isPresent();
    }

    long pid() {
        return holder.orElseThrow().pid();
    }

    /** The words that start a command here. */
    public List<String> command(List<String> words) {
        List<String> command = new ArrayList<>();
        holder.ifPresent(process -> command.addAll(List.of("nsenter", "-t", Long.toString(process.pid()), "-n", "-m", "--")));
        command.addAll(words);
        return command;
    }

    /** Runs a command here to its end. */
    String run(String... words) throws IOException {
        return Tools.run(command(Arrays.asList(words)));
    }

    /** How this JVM names a path of the host. */
    Path seenFromOutside(Path path) {
        return holder.map(process -> Path.of("/proc", Long.toString(process.pid()), "root").resolve(Path.of("/").relativize(path)))
                .orElse(path);
    }

    @Override
    public void close() {
        holder.ifPresent(Process::destroyForcibly);
    }

    @Override
    public String toString() {
        return name;
    }
}
