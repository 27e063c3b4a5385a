package dev.promptgate.references;

import dev.promptgate.objectstore.S3Settings;
import dev.promptgate.service.settings.Setting;
import dev.promptgate.service.settings.SettingsCatalogue;
import dev.promptgate.service.settings.SettingsSources;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Settings of references and of S3 alone. */
final class SettingsOf {
    private SettingsOf() {}

    static ReferenceSettings of(Map<String, String> given) {
        List<Setting<?>> known = Stream.of(ReferenceSettings.ALL, S3Settings.ALL).<Setting<?>>flatMap(group -> group.all().stream())
                .toList();
        return new ReferenceSettings(new SettingsCatalogue(known, List.of(), key -> false).resolve(SettingsSources.of(given)));
    }
}
