package dev.promptgate.experiments.data;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;

/** {@link ClassFolders} in the file system. */
final class FolderSource {
    private FolderSource() {}

    static Listing read(Path folder) throws DataException {
        Path root = folder.toAbsolutePath().normalize();
        String name = root.getFileName() == null ? root.toString() : root.getFileName().toString();
        ClassFolders classes = new ClassFolders(folder.toString(), name, root.toUri());
        try {
            for (Path file : FolderWalk.files(root, classes.passedOver())) {
                String path = root.relativize(file).toString();
                FileNames.requireReadable(path);
                classes.add(path.replace(File.separatorChar, '/'), new ImageFile(file));
            }
            return classes.listing();
        } catch (IOException e) {
            throw new DataException("The folder cannot be read [folder: %s, cause: %s]".formatted(folder, e.getMessage()), e);
        }
    }
}
