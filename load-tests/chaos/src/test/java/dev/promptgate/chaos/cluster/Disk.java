package dev.promptgate.chaos.cluster;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A broker's disk: a file system of its own that can be filled. Where the machine has loop devices and control groups of block I/O (v1) it
 * is a device that can be slow, too; else it is in memory.
 */
final class Disk implements AutoCloseable {
    private static final long SIZE = 2L << 30;
    /** Left when it is full: the next segment or batch does not fit. */
    private static final int LEFT = 64 << 10;
    private static final int MOST_TRIES = 10;
    private static final Path CONTROL = Path.of("/sys/fs/cgroup/blkio");

    private final Host host;
    private final Path directory;
    private final Optional<Path> control;

    private Disk(Host host, Path directory, Optional<Path> control) {
        this.host = host;
        this.directory = directory;
        this.control = control;
    }

    /** Mounts one in memory; throws IOException where the machine does not allow that. */
    static Disk inMemory(Host host, Path directory) throws IOException {
        host.run("mount", "-t", "tmpfs", "-o", "size=" + SIZE, "tmpfs", directory.toString());
        return new Disk(host, directory, Optional.empty());
    }

    /**
     * Mounts a device; throws IOException where the machine does not allow that.
     *
     * @param image becomes the file that it is on
     * @param writesPerSecond as many can the device do while it is slow
     */
    static Disk device(Host host, Path directory, Path image, int writesPerSecond) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(SIZE); // sparse
        }
        host.run("mkfs.ext4", "-q", "-F", "-m", "0", "-O", "^has_journal", image.toString());
        Path control = Files.createDirectory(CONTROL.resolve("promptgate-%s-%d".formatted(host.name(), ProcessHandle.current().pid())));
        try {
            host.run("mount", "-o", "loop", image.toString(), directory.toString()); // the device goes with its mount
            host.run("rmdir", directory.resolve("lost+found").toString()); // a broker takes it for a topic
            String number = host.run("mountpoint", "-d", directory.toString());
            Files.writeString(control.resolve("blkio.throttle.write_iops_device"), number + " " + writesPerSecond);
        } catch (IOException e) {
            Files.delete(control);
            throw e;
        }
        return new Disk(host, directory, Optional.of(control));
    }

    /** The words that start a command whose writes are the disk's. */
    List<String> command(List<String> words) {
        List<String> command = new ArrayList<>();
        control.ifPresent(c -> command.addAll(List.of("sh", "-c", "echo $$ > " + c + "/cgroup.procs && exec \"$@\"", "sh")));
        command.addAll(words);
        return command;
    }

    void fill() throws IOException {
        for (int tries = 1;; tries++) {
            String[] said = host.run("df", "-B1", "--output=avail", directory.toString()).split("\\s+");
            long size = Long.parseLong(said[said.length - 1]) - LEFT;
            try {
                if (size > 0) {
                    host.run("fallocate", "-l", Long.toString(size), filler());
                }
                return;
            } catch (IOException e) { // the broker has written meanwhile
                clear();
                if (tries == MOST_TRIES) {
                    throw e;
                }
            }
        }
    }

    void clear() throws IOException {
        host.run("rm", "-f", filler());
    }

    private String filler() {
        return directory.resolve("filler").toString();
    }

    /** Every write waits for the device, which can do few. */
    void slow() throws IOException {
        host.run("mount", "-o", "remount,sync", directory.toString());
    }

    void unslow() throws IOException {
        host.run("mount", "-o", "remount,async", directory.toString());
    }

    /** When no process is left on it. */
    @Override
    public void close() {
        control.ifPresent(c -> c.toFile().delete()); // one that is not empty stays
    }
}
