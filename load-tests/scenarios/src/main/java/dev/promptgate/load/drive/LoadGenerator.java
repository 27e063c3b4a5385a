package dev.promptgate.load.drive;

import dev.promptgate.load.observe.Flow;
import dev.promptgate.load.observe.Flow.Point;
import dev.promptgate.load.observe.FlowStage;
import dev.promptgate.load.observe.Ledger;
import dev.promptgate.load.observe.RunClock;
import dev.promptgate.load.observe.StageLatencies;
import dev.promptgate.load.plan.ImageSequence;
import dev.promptgate.load.plan.LoadPlan;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;

/**
 * Sends each image when it is due, whatever became of those before. Where the producer blocks, the images behind are late, and their
 * latency counts from when they were due: a system that stalls cannot hide it by being asked less. One thread.
 */
public record LoadGenerator(LoadPlan plan, ImageSequence images, Ledger ledger, StageLatencies latencies, Flow flow) {
    /** Sends all; returns when the broker has answered for each, or the producer has given it up. */
    public void run(RunClock clock, KafkaProducer<byte[], byte[]> producer, String topic) throws InterruptedException {
        long count = plan.rate().images();
        for (long number = 0; number < count; number++) {
            double due = plan.rate().due(number);
            await(clock, due);
            send(number, due, clock, producer, topic);
        }
        producer.flush();
    }

    private void send(long number, double due, RunClock clock, KafkaProducer<byte[], byte[]> producer, String topic) {
        try {
            producer.send(images.at(number).encode(topic, clock.epochMillis(due)), (sent, e) -> {
                if (e != null) {
                    ledger.failed(number);
                    return;
                }
                double now = clock.now();
                ledger.pushed(number, sent.partition(), sent.offset());
                latencies.record(FlowStage.PUSH, due, now - due);
                flow.count(Point.PUSHED, now);
            });
        } catch (KafkaException e) { // no room in the producer's buffer for max.block.ms, for one
            ledger.failed(number);
        }
    }

    private static void await(RunClock clock, double due) throws InterruptedException {
        for (double wait = due - clock.now(); wait > 0; wait = due - clock.now()) {
            LockSupport.parkNanos((long) (wait * 1e9));
            if (Thread.interrupted()) {
                throw new InterruptedException("The load was interrupted");
            }
        }
    }
}
