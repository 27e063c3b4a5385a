package dev.promptgate.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.record.LabelledImage;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.TestBroker;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Photographs whose pixels are a large part of the heap, through services as users start them. */
@BrokerTest
class LargePhotosIT {
    /** Of 48 megapixels, as a telephone makes them. */
    private static byte[] photograph;

    private final TestBroker broker;
    private final KafkaClients clients;

    @TempDir
    private Path directory;

    private String prefix;
    private Outcomes outcomes;
    private KafkaProducer<byte[], byte[]> producer;

    LargePhotosIT(TestBroker broker) {
        this.broker = broker;
        clients = new KafkaClients(broker.bootstrapServers(), Map.of(), 22 << 20);
    }

    @BeforeAll
    static void take() throws IOException {
        photograph = Photographs.jpeg(8064, 6048, false, new Random(1));
    }

    @BeforeEach
    void makeTopics() throws Exception {
        prefix = broker.uniquePrefix();
        try (RunningService topics = RunningService.start(directory, Map.of(), command("topics"))) {
            assertEquals(0, topics.ended().exitCode(), topics::log);
        }
        outcomes = new Outcomes(clients, prefix);
        producer = new KafkaProducer<>(new HashMap<>(clients.producer()));
    }

    @AfterEach
    void close() {
        producer.close();
        outcomes.close();
    }

    @Test
    @Timeout(300)
    void photographsThatFitTheHeapOneByOneBecomeFeaturesAndWhatNeverFitsIsRejected() throws Exception {
        for (int i = 0; i < 4; i++) {
            send("photograph-" + i, photograph);
        }
        send("never-fits", pngOfFourSamples(7000, 7000));
        try (RunningService encoder = RunningService.start(directory, Map.of("PROMPTGATE_ENCODER_DECODE_THREADS", "4"),
                command("encoder", "--http-port", "0")).started()) {
            outcomes.await(5, encoder);
            assertEquals(Map.of("feature", 4, "out-of-memory", 1), outcomes.counts());
            assertTrue(outcomes.messages().get(0).contains("images.decode-memory"), outcomes.messages()::toString);
            assertEquals(0, encoder.stopped().exitCode(), encoder::log);
        }
    }

    @Test
    @Timeout(300)
    void aClassifierAnswersOrRefusesPhotographsThatComeAtOnce() throws Exception {
        Path classes = Files.writeString(directory.resolve("classes.txt"), "airplane\ncamera\n");
        HttpClient client = HttpClient.newHttpClient();
        try (RunningService classifier = RunningService.start(directory, Map.of("PROMPTGATE_CLASSIFIER_DECODE_THREADS", "4"),
                command("classifier", "--http-port", "0", "--port", "0", "--set", "classifier.classes=" + classes)).started()) {
            URI address = URI.create(classifier.log().replaceAll("(?s).*Classifies at (http://\\S+).*", "$1")).resolve("/v1/classify");
            HttpRequest request = HttpRequest.newBuilder(address).header("Content-Type", "image/jpeg")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(photograph)).build();
            List<CompletableFuture<HttpResponse<String>>> answers = Stream
                    .generate(() -> client.sendAsync(request, BodyHandlers.ofString()))
                    .limit(6).toList();
            Map<Integer, Long> statuses = answers.stream().map(CompletableFuture::join)
                    .collect(Collectors.groupingBy(HttpResponse::statusCode, Collectors.counting()));
            assertTrue(statuses.containsKey(200) && List.of(200, 503).containsAll(statuses.keySet()), statuses + classifier.log());
            assertEquals(0, classifier.stopped().exitCode(), classifier::log);
        }
    }

    /** {@code -Dphotos=1000 -Dheap=512m}: as many, drawn from 60 files of 1 to 100 megapixels, since to make a thousand takes hours. */
    @Test
    @EnabledIfSystemProperty(named = "photos", matches = "[1-9][0-9]*", disabledReason = "hours: with -Dphotos=1000 -Dheap=512m")
    void eachOfManyRandomPhotographsIsAFeatureOrANamedRejection() throws Exception {
        int photos = Integer.getInteger("photos");
        String heap = System.getProperty("heap", "512m");
        Random random = new Random(Long.getLong("seed", 1));
        List<Path> pool = new ArrayList<>();
        for (int i = 0; i < Math.min(photos, 60); i++) {
            pool.add(Files.write(directory.resolve("pool-" + i), Photographs.any(100, random)));
        }
        Map<String, String> environment = Map.of("PROMPTGATE_ENCODER_MAX_PIXELS", "100000000");
        RunningService encoder = RunningService.startIn(heap, directory, environment, command("encoder", "--http-port", "0")).started();
        long began = System.nanoTime();
        int restarts = 0;
        for (int sent = 0; outcomes.total() < photos; outcomes.poll()) {
            for (; sent < photos && sent - outcomes.total() < 16; sent++) {
                send("photograph-" + sent, Files.readAllBytes(pool.get(random.nextInt(pool.size()))));
            }
            if (!encoder.process().isAlive()) {
                restarts++;
                System.out.println(encoder.log());
                encoder = RunningService.startIn(heap, directory, environment, command("encoder", "--http-port", "0")).started();
            }
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        System.out.printf("%d photographs, heap %s: %s, %.0f s, %.2f a second, restarts: %d%n", photos, heap, outcomes.counts(), seconds,
                photos / seconds, restarts);
        assertEquals(0, encoder.stopped().exitCode(), encoder::log);
        assertEquals(0, restarts);
        assertEquals(photos, outcomes.total());
    }

    private void send(String id, byte[] file) throws Exception {
        producer.send(new LabelledImage(id, "photograph", Split.TRAIN, file, 1).encode(prefix + "labelled-images")).get();
    }

    private String[] command(String name, String... more) {
        return Stream.concat(Stream.of(name, "--bootstrap-servers", broker.bootstrapServers(), "--topic-prefix", prefix), Stream.of(more))
                .toArray(String[]::new);
    }

    /** A header of four samples of 16 bits a pixel, and no pixels: it is refused before they are looked for. */
    private static byte[] pngOfFourSamples(int width, int height) {
        ByteBuffer png = ByteBuffer.allocate(45).put(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
        chunk(png, "IHDR", ByteBuffer.allocate(13).putInt(width).putInt(height).put(new byte[] {16, 6, 0, 0, 0}).array());
        chunk(png, "IEND", new byte[0]);
        return png.array();
    }

    private static void chunk(ByteBuffer png, String type, byte[] body) {
        int at = png.position() + 4;
        png.putInt(body.length).put(type.getBytes(StandardCharsets.US_ASCII)).put(body);
        CRC32 crc = new CRC32();
        crc.update(png.array(), at, 4 + body.length);
        png.putInt((int) crc.getValue());
    }
}
