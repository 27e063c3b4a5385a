package dev.promptgate.classifier.prompt;

import dev.promptgate.clip.text.ClassNameCheck;
import dev.promptgate.clip.text.SamePrompt;
import dev.promptgate.clip.textfile.TextFile;
import dev.promptgate.clip.textfile.TextFile.UnreadableTextException;
import dev.promptgate.messaging.record.LabelRules;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import dev.promptgate.service.settings.InvalidSettingsException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Class names of a {@link TextFile}, one a line, each once; blank lines and lines that begin with {@code #} are passed over.
 */
public final class ClassesFile {
    private static final int MOST_COMPLAINTS = 10;
    private static final int MOST_BYTES = 16 << 20;

    private ClassesFile() {}

    /**
     * The names, in the file's order; none for an empty file name.
     *
     * @param setting named in what is wrong
     * @throws InvalidSettingsException if the file cannot be read, a name makes no prompt or stands twice, or two would make the same
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
                if (!names.add(name)) {
                    complaints.add("The class name stands twice; leave one" + where);
                }
            } catch (InvalidRecordException e) {
                complaints.add(e.getMessage() + where);
            }
        }
        SamePrompt.among(names).forEach(same -> complaints.add("Classes would be the same prompt; keep one of them"
                + " [classes: %s, setting: %s, file: %s]".formatted(same.shown(), setting, file)));
        if (!complaints.isEmpty()) {
            throw new InvalidSettingsException(complaints.subList(0, Math.min(complaints.size(), MOST_COMPLAINTS)));
        }
        return List.copyOf(names);
    }

    private static List<String> lines(String file, String setting) {
        try {
            return TextFile.read(Path.of(file), MOST_BYTES).lines().toList();
        } catch (UnreadableTextException | InvalidPathException e) {
            throw new InvalidSettingsException(List.of("%s: %s".formatted(setting, e.getMessage())));
        }
    }
}
