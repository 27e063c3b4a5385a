package dev.promptgate.service.settings;

import java.util.ArrayList;
import java.util.List;

/** The settings of a part, in the order of the table: each is added where it is defined, so that none can be missed in a list. */
public final class SettingsGroup {
    private final List<Setting<?>> settings = new ArrayList<>();

    public <T> Setting<T> add(Setting<T> setting) {
        settings.add(setting);
        return setting;
    }

    public List<Setting<?>> all() {
        return List.copyOf(settings);
    }
}
