package dev.promptgate.console;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.bundled.SampleStream;
import dev.promptgate.console.ConsoleRun.Console;
import dev.promptgate.messaging.record.ImageErasure;
import dev.promptgate.messaging.record.LabelledImage;
import dev.promptgate.messaging.record.SourcePosition;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.TestBroker;
import java.net.http.HttpResponse;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;

/** Images stay in labelled-images when they are erased, and are not shown. */
@BrokerTest
class ErasedImagesIT {
    private static final byte[] IMAGE = SampleStream.bytes(SampleStream.entries().get(0));

    private final ConsoleRun run;

    ErasedImagesIT(TestBroker broker) throws Exception {
        run = new ConsoleRun(broker);
    }

    @Test
    void whatWasSentBeforeTheErasureIsNotShownAndWhatCameLaterIs() throws Exception {
        String before;
        String elsewhere;
        String later;
        try (KafkaProducer<byte[], byte[]> producer = run.producer(); Console console = run.console(Map.of())) {
            before = send(producer, 0);
            elsewhere = send(producer, 1); // a producer may place an id where it likes
            String other = path(producer.send(new LabelledImage("other", "cat", null, IMAGE, 0).encode(run.topics.labelledImages())).get());
            assertEquals(200, run.get(console, before).statusCode());
            assertEquals(200, run.get(console, elsewhere).statusCode());
            ProducerRecord<byte[], byte[]> asked = ImageErasure.of("erased", run.topics.labelledImages());
            RecordMetadata erasure = producer.send(new ProducerRecord<>(asked.topic(), 0, asked.key(), null)).get();
            producer.send(new ImageErasure("erased", new SourcePosition(0, erasure.offset())).encode(run.topics.imageFeatures())).get();
            await().until(() -> run.get(console, before).statusCode() == 404); // though it was shown a moment ago
            Thread.sleep(2); // in another partition the clock decides
            later = send(producer, 1);
            assertShown(console, before, elsewhere, later);
            assertEquals(200, run.get(console, other).statusCode());
        }
        try (Console next = run.console(Map.of())) {
            await().until(() -> run.get(next, before).statusCode() == 404);
            assertShown(next, before, elsewhere, later);
        }
    }

    private void assertShown(Console console, String before, String elsewhere, String later) throws Exception {
        for (String gone : new String[] {before, elsewhere}) {
            HttpResponse<String> answer = run.get(console, gone);
            assertEquals(404, answer.statusCode());
            assertTrue(answer.body().contains("This image was erased"), answer.body());
        }
        assertEquals(200, run.get(console, later).statusCode());
    }

    private String send(KafkaProducer<byte[], byte[]> producer, int partition) throws Exception {
        ProducerRecord<byte[], byte[]> record = new LabelledImage("erased", "cat", null, IMAGE, 0).encode(run.topics.labelledImages());
        return path(producer.send(new ProducerRecord<>(record.topic(), partition, record.key(), record.value(), record.headers())).get());
    }

    private static String path(RecordMetadata sent) {
        return "/api/images/%d/%d".formatted(sent.partition(), sent.offset());
    }
}
