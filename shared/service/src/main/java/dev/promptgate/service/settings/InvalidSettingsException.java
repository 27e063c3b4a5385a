package dev.promptgate.service.settings;

import java.util.List;

/** Settings that cannot be used; all violations at once, a line each. */
public final class InvalidSettingsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param violations a sentence each */
    public InvalidSettingsException(List<String> violations) {
        super(String.join(System.lineSeparator(), violations));
    }
}
