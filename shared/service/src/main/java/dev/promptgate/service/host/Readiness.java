package dev.promptgate.service.host;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BooleanSupplier;

/** Named conditions that must all hold before a service takes work. Thread-safe; conditions are asked on the event loop, so they must not block. */
public final class Readiness {
    private final Map<String, BooleanSupplier> conditions = new ConcurrentSkipListMap<>();

    /** Adds a condition. */
    public void register(String name, BooleanSupplier condition) {
        conditions.put(name, condition);
    }

    Map<String, BooleanSupplier> conditions() {
        return conditions;
    }
}
