package dev.promptgate.experiments.data;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

public record ImageFile(Path path) implements ImageLocation {
    @Override
    public URI uri() {
        return path.toAbsolutePath().normalize().toUri();
    }

    @Override
    public boolean exists() {
        return Files.isRegularFile(path);
    }

    @Override
    public long size() throws IOException {
        return Files.size(path);
    }

    @Override
    public byte[] start(int count) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return in.readNBytes(count);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
