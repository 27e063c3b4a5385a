package dev.promptgate.service.host;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees work that stands still: what is under way and has got no further for longer than the limit. The log names it once, a meter shows how
 * long, and the service is not live until it goes on, so that whoever runs the process starts it again. Thread-safe.
 */
public final class Watchdog {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

    private final Duration limit;
    private final HostMeters meters;
    private final LongSupplier nanos;
    private final Map<String, Supplier<OptionalLong>> watched = new ConcurrentHashMap<>();
    private Map<String, Instant> told = Map.of();

    Watchdog(Duration limit, HostMeters meters, LongSupplier nanos) {
        this.limit = limit;
        this.meters = meters;
        this.nanos = nanos;
    }

    /** Work of this name, which is also a tag of the meter; it rests. Of a name that is taken this is another, in its place. */
    public Activity activity(String name) {
        Activity activity = new Activity(nanos);
        watch(name, activity::stillMillis);
        return activity;
    }

    /** The same for work that tells itself for how many milliseconds it has got no further; empty while there is nothing to do. */
    public void watch(String name, Supplier<OptionalLong> stillMillis) {
        if (watched.put(name, stillMillis) == null) {
            meters.gauge(HostMeters.STILL, () -> watched.get(name).get().orElse(0) / 1000.0, name);
        }
    }

    /** What stands still, in the order of names, and since when. */
    SortedMap<String, Instant> stalls() {
        SortedMap<String, Instant> stalls = new TreeMap<>();
        watched.forEach((name, still) -> still.get().ifPresent(millis -> {
            if (millis >= limit.toMillis()) {
                stalls.put(name, Instant.now().minusMillis(millis));
            }
        }));
        return stalls;
    }

    /** Has the log name what stands still and was not named yet, and what goes on. */
    synchronized void look() {
        Map<String, Instant> now = stalls();
        now.forEach((name, since) -> {
            if (!told.containsKey(name)) {
                LOG.error("{} stands still since {}: /health/live is DOWN until it goes on or the process is started again; a thread dump "
                        + "(jcmd PID Thread.print) tells where it stands [limit: {} s]", name, since, limit.toSeconds());
            }
        });
        told.keySet().stream().filter(name -> !now.containsKey(name)).forEach(name -> LOG.warn("{} goes on", name));
        told = now;
    }
}
