package dev.promptgate.load.drive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.embeddedkafka.EmbeddedKafka;
import dev.promptgate.load.observe.Flow;
import dev.promptgate.load.observe.Flow.Point;
import dev.promptgate.load.observe.FlowStage;
import dev.promptgate.load.observe.Ledger;
import dev.promptgate.load.observe.RunClock;
import dev.promptgate.load.observe.StageLatencies;
import dev.promptgate.load.plan.ImageSequence;
import dev.promptgate.load.plan.LoadPlan;
import dev.promptgate.load.plan.Scenario;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.client.TopicLog;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The generator against an embedded broker, which can be taken away. */
class LoadGeneratorIT {
    private static final String TOPIC = "labelled-images";
    private static final double RATE = 50;
    private static final double SECONDS = 12;

    private final LoadPlan plan = Scenario.STEADY.plan(RATE, SECONDS, 0, 0.7, 0, 0, 0, 1);
    private final ImageSequence images = new ImageSequence(plan, "run", 2);
    private final Ledger ledger = new Ledger(images::isPoison, number -> images.at(number).origin());
    private final StageLatencies latencies = new StageLatencies();
    private final Flow flow = new Flow();

    private void push(String bootstrapServers, Runnable meanwhile) throws Exception {
        // With room for a few images only the producer blocks while the broker is away, and a generator that waited for it would ask for
        // less.
        KafkaClients clients = new KafkaClients(bootstrapServers, Map.of("buffer.memory", "65536", "batch.size", "8192"), 1 << 20);
        images.at(0);
        try (Admin admin = Admin.create(clients.admin());
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(new HashMap<>(clients.producer()))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 2, (short) 1))).all().get();
            producer.partitionsFor(TOPIC);
            CompletableFuture<Void> done = CompletableFuture.runAsync(meanwhile);
            new LoadGenerator(plan, images, ledger, latencies, flow).run(RunClock.start(), producer, TOPIC);
            done.get();
        }
    }

    @Test
    void everyImageGoesOutWhenItIsDue(@TempDir Path directory) throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0)) {
            push(kafka.bootstrapServers(), () -> {});
            assertEquals(plan.rate().images(), flow.total(Point.PUSHED));
            List<ConsumerRecord<byte[], byte[]>> records;
            try (TopicLog log = new TopicLog(new KafkaClients(kafka.bootstrapServers(), Map.of(), 1 << 20))) {
                records = log.read(TOPIC);
            }
            assertEquals(plan.rate().images(), records.size());
            long begin = records.stream().mapToLong(ConsumerRecord::timestamp).min().orElseThrow();
            for (ConsumerRecord<byte[], byte[]> record : records) {
                long number = images.number(new String(record.key()));
                assertEquals(1000 * plan.rate().due(number), record.timestamp() - begin, 1.5, "the time of production is when it was due");
            }
        }
    }

    @Test
    void aStallDelaysEveryImageThatWasDueInIt(@TempDir Path directory) throws Exception {
        EmbeddedKafka[] kafka = {EmbeddedKafka.start(directory, 0)};
        String servers = kafka[0].bootstrapServers();
        try {
            double[] away = new double[2];
            push(servers, () -> {
                try {
                    Thread.sleep(3_000);
                    away[0] = System.nanoTime() / 1e9;
                    kafka[0].close();
                    Thread.sleep(3_000);
                    kafka[0] = EmbeddedKafka.start(directory, Integer.parseInt(servers.substring(servers.indexOf(':') + 1)));
                    away[1] = System.nanoTime() / 1e9;
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            double stall = away[1] - away[0];
            // Of the images due while the broker was away, all but those of its last second waited for more than a second. A generator that
            // waited with them would see one slow answer.
            long late = latencies.perInterval(FlowStage.PUSH, 0).stream().filter(fastest -> fastest != null && fastest > 1_000).count();
            assertTrue(late >= Math.floor(Math.min(stall, SECONDS - 3) - 2),
                    "seconds of which every image was late: %d of %.1f".formatted(late, stall));
            assertEquals(plan.rate().images(), flow.total(Point.PUSHED), "all arrive in the end");
        } finally {
            kafka[0].close();
        }
    }
}
