package dev.promptgate.classifier.prompt;

import dev.promptgate.clip.text.ClassNameCheck;
import dev.promptgate.messaging.record.LabelRules;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import dev.promptgate.service.settings.InvalidSettingsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Class names of a file, one a line; blank lines and lines that begin with {@code #} are passed over. */
public final class ClassesFile {
    private static final int MOST_COMPLAINTS = 10;

    private ClassesFile() {}

    /**
     * The names, each once, in the file's order; none for an empty file name.
     *
     * @param setting named in what is wrong
     * @throws InvalidSettingsException if the file cannot be read or a name makes no prompt
     */
    public static List<String> read(String file, String setting, ClassNameCheck check) {
        if (file.isEmpty()) {
            return List.of();
        }
        List<String> complaints = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>();
        int number = 0;
        for (String line : lines(file, setting)) {
            number++;
            String name = line.strip();
            if (name.isEmpty() || name.startsWith("#")) {
                continue;
            }
            String where = " [setting: %s, file: %s, line: %d]".formatted(setting, file, number);
            try {
                LabelRules.read(name.getBytes(StandardCharsets.UTF_8));
                if (!check.fits(name)) {
                    complaints.add("The class name makes more tokens than the model's text tower takes; shorten it" + where);
                }
                names.add(name);
            } catch (InvalidRecordException e) {
                complaints.add(e.getMessage() + where);
            }
        }
        if (!complaints.isEmpty()) {
            throw new InvalidSettingsException(complaints.subList(0, Math.min(complaints.size(), MOST_COMPLAINTS)));
        }
        return List.copyOf(names);
    }

    private static List<String> lines(String file, String setting) {
        try {
            return Files.readAllLines(Path.of(file));
        } catch (IOException | InvalidPathException e) {
            throw new InvalidSettingsException(List.of(
                    "%s: there is no readable file in UTF-8 [file: %s, cause: %s]".formatted(setting, file, e.getClass().getSimpleName())));
        }
    }
}
