package dev.promptgate.references;

import static dev.promptgate.references.Refusals.refused;

import dev.promptgate.messaging.record.ImageReference;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/**
 * Files of this machine, or of what is mounted there: regular ones below a listed root, links resolved on both sides. Only after that is
 * anything opened, so that neither a FIFO nor a device holds a thread up.
 */
record FileSource(List<Path> roots) implements ReferenceSource {
    @Override
    public ReferenceScheme scheme() {
        return ReferenceScheme.FILE;
    }

    @Override
    public byte[] fetch(ImageReference reference, FetchLimits limits) throws InvalidRecordException, IOException {
        Path path = path(reference);
        if (roots.stream().noneMatch(path::startsWith)) { // says nothing about what is there
            throw outside(reference);
        }
        try {
            return read(reference, path.toRealPath(), limits);
        } catch (NoSuchFileException e) {
            throw Refusals.unavailable(reference, "there is no such file");
        } catch (AccessDeniedException e) {
            throw Refusals.unavailable(reference, "the file must not be read");
        }
    }

    private byte[] read(ImageReference reference, Path file, FetchLimits limits) throws InvalidRecordException, IOException {
        boolean isInside = false;
        for (Path root : roots) {
            isInside |= Files.exists(root) && file.startsWith(root.toRealPath());
        }
        if (!isInside) {
            throw outside(reference);
        }
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isRegularFile()) {
            throw refused(reference, "The reference is to no regular file; refer to one");
        }
        limits.checkSize(reference, attributes.size());
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = in.readNBytes(limits.maxBytes() + 1); // it may have grown
            limits.checkSize(reference, bytes.length);
            return bytes;
        }
    }

    private static Path path(ImageReference reference) throws InvalidRecordException {
        URI uri = reference.uri();
        String authority = uri.getRawAuthority();
        if (authority != null && !authority.equalsIgnoreCase("localhost") || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw refused(reference, "A file's reference has no host, query or fragment; write file:///path");
        }
        try {
            return Path.of(uri.getPath()).normalize();
        } catch (InvalidPathException e) {
            throw refused(reference, "The reference's path is none here; write file:///path");
        }
    }

    private static InvalidRecordException outside(ImageReference reference) {
        return refused(reference, "Files are not read from this folder; list it in references.file-roots");
    }
}
