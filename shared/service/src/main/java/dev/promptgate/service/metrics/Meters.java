package dev.promptgate.service.metrics;

import dev.promptgate.messaging.record.WireName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Registers meters by their specification, so that a name, a kind or a tag stands in one place. Tags' values are given in the order of the
 * specification's keys, as texts or enum constants. A service's meters are a subclass with the specifications. Thread-safe.
 */
public class Meters {
    private final MeterRegistry registry;
    private final Set<MeterSpec> known = ConcurrentHashMap.newKeySet();
    private final Map<List<Object>, AtomicReference<Double>> gauges = new ConcurrentHashMap<>();

    public Meters(MeterRegistry registry) {
        this.registry = registry;
    }

    public MeterRegistry registry() {
        return registry;
    }

    /** Registers those that have no tags and are not registered yet, so that a scrape shows them from the start. */
    public void register(List<MeterSpec> specs) {
        specs.stream().filter(spec -> spec.tags().isEmpty() && !known.contains(spec)).forEach(spec -> {
            switch (spec.kind()) {
                case COUNTER -> counter(spec);
                case GAUGE -> gauge(spec);
                case TIMER -> timer(spec);
                case SUMMARY -> summary(spec);
                case HISTOGRAM -> throw new IllegalArgumentException("A histogram needs its bounds [meter: " + spec.name() + "]");
            }
        });
    }

    public Counter counter(MeterSpec spec, Object... tags) {
        return Counter.builder(spec.name()).description(spec.description()).tags(tags(spec, tags)).register(registry);
    }

    /** One counter for each constant of an enum that tags the meter, registered at once so that a scrape shows zeros. */
    public <E extends Enum<E>> Map<E, Counter> counters(MeterSpec spec, Class<E> tag) {
        Map<E, Counter> counters = new EnumMap<>(tag);
        for (E value : tag.getEnumConstants()) {
            counters.put(value, counter(spec, value));
        }
        return counters;
    }

    public void increment(MeterSpec spec, Object... tags) {
        counter(spec, tags).increment();
    }

    public Timer timer(MeterSpec spec, Object... tags) {
        return Timer.builder(spec.name()).description(spec.description()).tags(tags(spec, tags)).register(registry);
    }

    public void time(MeterSpec spec, long nanos, Object... tags) {
        timer(spec, tags).record(nanos, TimeUnit.NANOSECONDS);
    }

    /** A timer, as what takes durations in nanoseconds. */
    public LongConsumer nanoseconds(MeterSpec spec) {
        Timer timer = timer(spec);
        return nanos -> timer.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** A timer that also counts how many took at most each of the durations. */
    public Timer histogram(MeterSpec spec, List<Duration> atMost, Object... tags) {
        return Timer.builder(spec.name()).description(spec.description()).tags(tags(spec, tags))
                .serviceLevelObjectives(atMost.toArray(Duration[]::new)).register(registry);
    }

    public DistributionSummary summary(MeterSpec spec, Object... tags) {
        return DistributionSummary.builder(spec.name()).description(spec.description()).tags(tags(spec, tags)).register(registry);
    }

    /** A gauge that shows the value last set; NaN before. */
    public AtomicReference<Double> gauge(MeterSpec spec, Object... tags) {
        return gauges.computeIfAbsent(List.of(spec, List.of(tags)), key -> {
            AtomicReference<Double> value = new AtomicReference<>(Double.NaN);
            gauge(spec, value::get, tags);
            return value;
        });
    }

    /** Sets what such a gauge shows. */
    public void set(MeterSpec spec, double value, Object... tags) {
        gauge(spec, tags).set(value);
    }

    /** A gauge that asks when it is scraped. */
    public void gauge(MeterSpec spec, Supplier<Number> value, Object... tags) {
        Gauge.builder(spec.name(), value).description(spec.description()).tags(tags(spec, tags)).register(registry);
    }

    private List<Tag> tags(MeterSpec spec, Object... values) {
        if (values.length != spec.tags().size()) {
            throw new IllegalArgumentException(
                    "A meter takes a value for each of its tags [meter: %s, tags: %s]".formatted(spec.name(), spec.tags()));
        }
        known.add(spec);
        return IntStream.range(0, values.length).mapToObj(
                i -> Tag.of(spec.tags().get(i), values[i] instanceof Enum<?> constant ? WireName.of(constant) : values[i].toString()))
                .toList();
    }
}
