package dev.promptgate.service.host;

import dev.promptgate.clip.memory.DecodeMemory;
import dev.promptgate.service.metrics.MeterGroup;
import dev.promptgate.service.metrics.MeterSpec;
import dev.promptgate.service.metrics.Meters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;

/** The meters that every service has. Thread-safe. */
public final class HostMeters extends Meters {
    public static final MeterGroup ALL = new MeterGroup();

    public static final MeterSpec READY = ALL.gauge("promptgate.service.ready",
            "1 while a condition of /health/ready holds; the service is ready while all do", "condition");
    public static final MeterSpec STILL = ALL.gauge("promptgate.service.still",
            "seconds that work under way has got no further; 0 while there is nothing to do", "activity");
    public static final MeterSpec EVENT_LOOP_DELAY = ALL.timer("promptgate.service.event-loop.delay",
            "how much later than asked for a timer's turn came on an event loop");
    public static final MeterSpec DECODE_MEMORY = ALL.gauge("promptgate.service.decode-memory",
            "bytes that images being decoded, and those that wait for a batch, take of images.decode-memory");
    public static final MeterSpec DECODE_WAITING = ALL.gauge("promptgate.service.decode-memory.waiting",
            "threads that wait until there is memory for their image");

    private static final long TICK_MILLIS = 500;

    HostMeters(MeterRegistry registry) {
        super(registry);
    }

    void observe(DecodeMemory memory) {
        gauge(DECODE_MEMORY, memory::taken);
        gauge(DECODE_WAITING, memory::waiting);
    }

    /** Asks an event loop for a turn, again and again until Vert.x closes; Vert.x itself does not measure its event loops. */
    void observe(Vertx vertx) {
        Timer delay = timer(EVENT_LOOP_DELAY);
        vertx.runOnContext(begin -> tick(vertx, delay));
    }

    private static void tick(Vertx vertx, Timer delay) {
        long asked = System.nanoTime();
        vertx.setTimer(TICK_MILLIS, id -> {
            delay.record(Math.max(0, System.nanoTime() - asked - TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS)), TimeUnit.NANOSECONDS);
            tick(vertx, delay);
        });
    }
}
