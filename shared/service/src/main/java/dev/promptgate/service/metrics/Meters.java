package dev.promptgate.service.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/** Registers meters by their specification, so that a name, a kind or a tag stands in one place. Thread-safe. */
public final class Meters {
    private final MeterRegistry registry;

    public Meters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** A counter; the tags' values in the order of the specification's keys. */
    public Counter counter(MeterSpec spec, String... tagValues) {
        return Counter.builder(spec.name()).description(spec.description()).tags(tags(spec, tagValues)).register(registry);
    }

    /** One counter for each constant of an enum that tags the meter, registered at once so that a scrape shows zeros. */
    public <E extends Enum<E>> Map<E, Counter> counters(MeterSpec spec, Class<E> tag) {
        Map<E, Counter> counters = new EnumMap<>(tag);
        for (E value : tag.getEnumConstants()) {
            counters.put(value, counter(spec, tagValue(value)));
        }
        return counters;
    }

    public Timer timer(MeterSpec spec, String... tagValues) {
        return Timer.builder(spec.name()).description(spec.description()).tags(tags(spec, tagValues)).register(registry);
    }

    /** A timer, as what takes durations in nanoseconds. */
    public LongConsumer nanoseconds(MeterSpec spec) {
        Timer timer = timer(spec);
        return nanos -> timer.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** A timer that also counts how many took at most each of the durations. */
    public Timer histogram(MeterSpec spec, List<Duration> atMost, String... tagValues) {
        return Timer.builder(spec.name()).description(spec.description()).tags(tags(spec, tagValues))
                .serviceLevelObjectives(atMost.toArray(Duration[]::new)).register(registry);
    }

    public DistributionSummary summary(MeterSpec spec, String... tagValues) {
        return DistributionSummary.builder(spec.name()).description(spec.description()).tags(tags(spec, tagValues)).register(registry);
    }

    /** A gauge that shows the value last set; NaN before. */
    public AtomicReference<Double> gauge(MeterSpec spec, String... tagValues) {
        AtomicReference<Double> value = new AtomicReference<>(Double.NaN);
        gauge(spec, value::get, tagValues);
        return value;
    }

    /** A gauge that asks when it is scraped. */
    public void gauge(MeterSpec spec, Supplier<Number> value, String... tagValues) {
        Gauge.builder(spec.name(), value).description(spec.description()).tags(tags(spec, tagValues)).register(registry);
    }

    /** An enum constant as a tag's value. */
    public static String tagValue(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Tags tags(MeterSpec spec, String... values) {
        if (values.length != spec.tags().size()) {
            throw new IllegalArgumentException(
                    "A meter takes a value for each of its tags [meter: %s, tags: %s]".formatted(spec.name(), spec.tags()));
        }
        Tags tags = Tags.empty();
        for (int i = 0; i < values.length; i++) {
            tags = tags.and(spec.tags().get(i), values[i]);
        }
        return tags;
    }
}
