package dev.promptgate.service.settings;

import dev.promptgate.service.settings.file.SettingsFile;
import java.util.Map;

/**
 * Where settings come from, strongest first: command line, environment, file, profile.
 *
 * @param commandLine by key
 * @param environment the process's variables; those that start with {@link #ENVIRONMENT_PREFIX} are settings
 * @param profile by key: what a command starts from in place of the defaults
 */
public record SettingsSources(Map<String, String> commandLine, Map<String, String> environment, SettingsFile file,
        Map<String, String> profile) {
    /** What the environment variables of settings start with. */
    public static final String ENVIRONMENT_PREFIX = "PROMPTGATE_";

    public SettingsSources(Map<String, String> commandLine, Map<String, String> environment, Map<String, String> profile) {
        this(commandLine, environment, SettingsFile.NONE, profile);
    }

    public static SettingsSources of(Map<String, String> commandLine) {
        return new SettingsSources(commandLine, Map.of(), Map.of());
    }
}
