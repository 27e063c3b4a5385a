package dev.promptgate.service.metrics;

import java.util.ArrayList;
import java.util.List;

/** The meters of a part, in the order of the table: each is added where it is defined, so that none can be missed in a list. */
public final class MeterGroup {
    private final List<MeterSpec> specs = new ArrayList<>();

    public MeterSpec counter(String name, String description, String... tags) {
        return add(new MeterSpec(name, MeterSpec.Kind.COUNTER, List.of(tags), description));
    }

    public MeterSpec gauge(String name, String description, String... tags) {
        return add(new MeterSpec(name, MeterSpec.Kind.GAUGE, List.of(tags), description));
    }

    public MeterSpec timer(String name, String description, String... tags) {
        return add(new MeterSpec(name, MeterSpec.Kind.TIMER, List.of(tags), description));
    }

    public MeterSpec add(MeterSpec spec) {
        specs.add(spec);
        return spec;
    }

    public List<MeterSpec> all() {
        return List.copyOf(specs);
    }
}
