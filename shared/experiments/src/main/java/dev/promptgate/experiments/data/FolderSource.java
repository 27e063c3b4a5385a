package dev.promptgate.experiments.data;

import dev.promptgate.experiments.data.PassedOver.Reason;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * {@link ClassFolders} in the file system. Links are followed, since data sets are often linked to where they are used; to a folder once,
 * so that loops end and no image has two labels. A folder's own place goes before a link to it.
 */
final class FolderSource {
    private final Path root;
    private final PassedOver passedOver;
    private final Set<Path> read = new HashSet<>();
    private final Deque<Path> links = new ArrayDeque<>();
    private final List<Path> files = new ArrayList<>();

    private FolderSource(Path root, PassedOver passedOver) {
        this.root = root;
        this.passedOver = passedOver;
    }

    static Listing read(Path folder) throws DataException {
        Path root = folder.toAbsolutePath().normalize();
        String name = root.getFileName() == null ? root.toString() : root.getFileName().toString();
        ClassFolders classes = new ClassFolders(folder.toString(), name, root.toUri());
        try {
            for (Path file : files(root, classes.passedOver())) {
                String path = root.relativize(file).toString();
                FileNames.requireReadable(path);
                classes.add(path.replace(File.separatorChar, '/'), new ImageFile(file));
            }
            return classes.listing();
        } catch (IOException e) {
            throw new DataException("The folder cannot be read [folder: %s, cause: %s]".formatted(folder, e.getMessage()), e);
        }
    }

    /** The files below a folder but for hidden ones, in the order of their names. */
    private static List<Path> files(Path root, PassedOver passedOver) throws IOException {
        FolderSource walk = new FolderSource(root, passedOver);
        walk.enter(root);
        while (!walk.links.isEmpty()) {
            walk.follow(walk.links.remove());
        }
        return walk.files.stream().sorted().toList();
    }

    private void follow(Path link) throws IOException {
        if (root.toRealPath().startsWith(link.toRealPath())) {
            passOver(Reason.LINKED_AGAIN, link);
        } else {
            enter(link);
        }
    }

    private void enter(Path folder) throws IOException {
        if (!read.add(folder.toRealPath())) {
            passOver(Reason.LINKED_AGAIN, folder);
            return;
        }
        for (Path entry : list(folder)) {
            String name = entry.getFileName().toString();
            boolean isLink = Files.isSymbolicLink(entry);
            if (FileNames.isHidden(name)) {
                passOver(Reason.HIDDEN, entry);
            } else if (Files.isDirectory(entry)) {
                if (isLink) {
                    links.add(entry);
                } else {
                    enter(entry);
                }
            } else if (isLink && !Files.exists(entry)) {
                passOver(Reason.BROKEN_LINK, entry);
            } else {
                files.add(entry);
            }
        }
    }

    private void passOver(Reason reason, Path entry) {
        passedOver.add(reason, root.relativize(entry).toString());
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        }
    }
}
