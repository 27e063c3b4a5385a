package dev.promptgate.service.host;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Named conditions that must all hold before a service takes work; each is a meter, too. Thread-safe; conditions are asked on the event
 * loop, so they must not block.
 */
public final class Readiness {
    /**
     * What must hold.
     *
     * @param detail how far it is, for people; may be empty
     */
    record Condition(BooleanSupplier holds, Supplier<String> detail) {}

    private final Map<String, Condition> conditions = new ConcurrentSkipListMap<>();
    private final HostMeters meters;

    Readiness(HostMeters meters) {
        this.meters = meters;
    }

    public void register(String name, BooleanSupplier condition) {
        register(name, condition, () -> "");
    }

    /** Adds a condition that can say how far it is. */
    public void register(String name, BooleanSupplier condition, Supplier<String> detail) {
        if (conditions.put(name, new Condition(condition, detail)) == null) {
            meters.condition(name, () -> conditions.get(name).holds().getAsBoolean());
        }
    }

    Map<String, Condition> conditions() {
        return conditions;
    }
}
