package dev.promptgate.experiments.data;

import dev.promptgate.experiments.data.PassedOver.Reason;
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
 * The files below a folder, but for what systems hide there. Links are followed, since data sets are often linked to where they are used;
 * to a folder once, so that loops end and no image has two labels. A folder's own place goes before a link to it.
 */
final class FolderWalk {
    private final Path root;
    private final PassedOver passedOver;
    private final Set<Path> read = new HashSet<>();
    private final Deque<Path> links = new ArrayDeque<>();
    private final List<Path> files = new ArrayList<>();

    private FolderWalk(Path root, PassedOver passedOver) {
        this.root = root;
        this.passedOver = passedOver;
    }

    /** The files below a folder, in the order of their names. */
    static List<Path> files(Path root, PassedOver passedOver) throws IOException {
        FolderWalk walk = new FolderWalk(root, passedOver);
        walk.read(root);
        while (!walk.links.isEmpty()) {
            walk.follow(walk.links.remove());
        }
        return walk.files.stream().sorted().toList();
    }

    private void follow(Path link) throws IOException {
        if (root.toRealPath().startsWith(link.toRealPath())) {
            passOver(Reason.LINKED_AGAIN, link);
        } else {
            read(link);
        }
    }

    private void read(Path folder) throws IOException {
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
                    read(entry);
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
