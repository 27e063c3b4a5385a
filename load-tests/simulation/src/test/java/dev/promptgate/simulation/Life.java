package dev.promptgate.simulation;

import dev.promptgate.service.settings.Setting;
import dev.promptgate.service.settings.SettingsCatalogue;
import dev.promptgate.service.settings.SettingsGroup;
import dev.promptgate.service.settings.SettingsSources;
import dev.promptgate.service.settings.SettingsValues;
import dev.promptgate.service.settings.PromptSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A service on a simulated log, at a pace of its own: now and then it is killed, between two polls or before or behind a transaction, and
 * taken up again from what the log and its checkpoint hold. Not thread-safe.
 */
abstract class Life {
    final SimulatedLog log;
    final Pace pace;
    final Fault fault;
    final SimulatedSink sink;
    private boolean isAlive;

    /** @param killedAtOneIn how many transactions there are to a kill before one, and to one behind */
    Life(SimulatedLog log, Pace pace, Fault fault, int killedAtOneIn) {
        this.log = log;
        this.pace = pace;
        this.fault = fault;
        sink = new SimulatedSink(log, pace, fault, killedAtOneIn);
    }

    /** Takes the service up. */
    abstract void start();

    /** One poll, and what is done with it. */
    abstract void poll();

    /** The next poll, or start. */
    final void goOn() {
        try {
            if (isAlive) {
                poll();
            } else {
                start();
                isAlive = true;
            }
        } catch (Pace.KilledException e) {
            isAlive = false;
            pace.killed();
        }
    }

    final void goOnToTheEnd() {
        while (!pace.isOver()) {
            goOn();
        }
    }

    static SettingsCatalogue catalogue(SettingsGroup group) {
        return new SettingsCatalogue(Stream.of(PromptSettings.ALL.all(), group.all()).<Setting<?>>flatMap(List::stream).toList(), List.of(),
                key -> true);
    }

    final SettingsValues resolve(SettingsCatalogue catalogue, Map<String, String> given) {
        Map<String, String> settings = new HashMap<>(given);
        settings.replaceAll(fault::setting);
        return catalogue.resolve(SettingsSources.of(settings));
    }
}
