package dev.promptgate.experiments.exports;

import dev.promptgate.experiments.data.DataException;
import dev.promptgate.experiments.data.FileNames;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folders in which the files that an export names are looked for: its own and {@code images/} there, and first those above if its own
 * is {@code annotations/}. A tool wrote the names, so none may lead out of these folders.
 */
final class ImageFolders {
    /** {@code C:\} or {@code C:/}, and {@code \\server\share}. */
    private static final Pattern ON_A_DRIVE = Pattern.compile("(?s)[A-Za-z]:[\\\\/].*|\\\\\\\\.*");

    private final List<Path> folders;

    private ImageFolders(List<Path> folders) {
        this.folders = folders;
    }

    /** @param imageRoot looked in instead, if present */
    static ImageFolders of(Path export, Optional<Path> imageRoot) {
        Path own = imageRoot.orElse(export.toAbsolutePath().getParent()).toAbsolutePath().normalize();
        List<Path> tops = imageRoot.isEmpty() && own.endsWith("annotations") ? List.of(own.getParent(), own) : List.of(own);
        return new ImageFolders(tops.stream().flatMap(top -> Stream.of(top, top.resolve("images"))).toList());
    }

    /**
     * The file of the first name that there is, each as it stands, with {@code \} as {@code /} and with its {@code %} decoded. If there is
     * none, where it should be; empty, if all names lead elsewhere.
     */
    Optional<Path> locate(List<String> names) throws DataException {
        Optional<Path> missing = Optional.empty();
        for (String name : names) {
            FileNames.requireReadable(name);
            for (String form : forms(name)) {
                for (Path folder : folders) {
                    Optional<Path> file = below(folder, form);
                    if (file.isPresent() && Files.isRegularFile(file.get())) {
                        return file;
                    }
                    missing = missing.or(() -> file);
                }
            }
        }
        return missing;
    }

    private static List<String> forms(String name) {
        if (ON_A_DRIVE.matcher(name).matches()) {
            return List.of();
        }
        return Stream.of(name, name.replace('\\', '/'), decoded(name)).distinct().toList();
    }

    static String decoded(String name) {
        try {
            return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return name; // its % is a character like any other
        }
    }

    private static Optional<Path> below(Path folder, String name) {
        try {
            return Optional.of(folder.resolve(name).normalize()).filter(file -> file.startsWith(folder) && !file.equals(folder));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
