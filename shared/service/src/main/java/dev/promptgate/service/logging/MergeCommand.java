package dev.promptgate.service.logging;

import java.util.regex.Pattern;

/** The command that makes one class of those that would be the same prompt, for people to copy. */
public final class MergeCommand {
    private static final Pattern PLAIN = Pattern.compile("[\\w./-]+");

    private MergeCommand() {}

    /** With the label that they shall have. Safe to paste into a shell whatever the label holds: it comes from producers. */
    public static String of(String label) {
        String word = PLAIN.matcher(label).matches() ? label : "'" + label.replace("'", "'\\''") + "'";
        return "promptgate labels merge --to=" + word + " --yes";
    }
}
