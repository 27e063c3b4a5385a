package dev.promptgate.references;

import dev.promptgate.service.settings.SettingsCatalogue;
import dev.promptgate.service.settings.SettingsSources;
import java.util.List;
import java.util.Map;

/** Settings of references alone. */
final class SettingsOf {
    private SettingsOf() {}

    static ReferenceSettings of(Map<String, String> given) {
        return new ReferenceSettings(
                new SettingsCatalogue(ReferenceSettings.ALL.all(), List.of(), key -> false).resolve(SettingsSources.of(given)));
    }
}
