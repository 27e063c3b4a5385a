package dev.promptgate.chaos.cluster;

import java.io.IOException;
import java.nio.file.Path;

/** A broker's disk: a file system of its own in memory, that can be made as small as what is on it. */
final class Disk {
    private static final String SIZE = "size=2g";
    /** Left when it is full: the next segment or batch does not fit. */
    private static final int LEFT = 64 << 10;

    private final Host host;
    private final Path directory;

    /** Mounts it; throws IOException where the machine does not allow that. */
    Disk(Host host, Path directory) throws IOException {
        this.host = host;
        this.directory = directory;
        host.run("mount", "-t", "tmpfs", "-o", SIZE, "tmpfs", directory.toString());
    }

    void fill() throws IOException {
        String[] said = host.run("df", "-B1", "--output=used", directory.toString()).split("\\s+");
        long used = Long.parseLong(said[said.length - 1]);
        host.run("mount", "-o", "remount,size=" + (used + LEFT), directory.toString());
    }

    void clear() throws IOException {
        host.run("mount", "-o", "remount," + SIZE, directory.toString());
    }
}
