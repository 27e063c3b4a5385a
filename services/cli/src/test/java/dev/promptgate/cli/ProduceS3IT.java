package dev.promptgate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.robothy.s3.rest.LocalS3;
import com.robothy.s3.rest.bootstrap.LocalS3Mode;
import com.sun.net.httpserver.HttpServer;
import dev.promptgate.bundled.SampleStream;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.record.LabelledImage;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.TestBroker;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** {@code promptgate produce s3://…}, from a server that speaks S3 to a real broker. */
@BrokerTest
class ProduceS3IT {
    private static LocalS3 server;
    private static S3Client filling;

    private final TestBroker broker;
    private final byte[] image = SampleStream.bytes(SampleStream.entries().get(0));

    ProduceS3IT(TestBroker broker) {
        this.broker = broker;
    }

    @BeforeAll
    static void start() {
        server = LocalS3.builder().port(-1).mode(LocalS3Mode.IN_MEMORY).build();
        server.start();
        filling = S3Client.builder().endpointOverride(endpoint()).forcePathStyle(true).region(Region.US_EAST_1)
                .credentialsProvider(AnonymousCredentialsProvider.create()).httpClientBuilder(Apache5HttpClient.builder()).build();
    }

    @AfterAll
    static void stop() {
        filling.close();
        server.shutdown();
    }

    private static URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getPort());
    }

    @Test
    void aFolderIsPushedByTheRulesOfAFolderOfFiles() throws Exception {
        fill("animals", "monday/", "monday/train/dog/", "monday/train/dog/1.jpg", "monday/test/red panda/ä+1%.jpg", "monday/val/dog/3.jpg",
                "monday/train/dog/.cache/1.jpg", "monday/train/dog/Thumbs.db", "mondays/train/dog/4.jpg");
        String prefix = topics();
        Output output = produce(prefix, "s3://animals/monday", "--id-prefix", "m/");
        assertEquals(0, output.exitCode(), output.err());
        assertTrue(output.out().contains("pushed 2, skipped 0"), output.out());
        assertTrue(output.err().contains("hidden: 1: train/dog/.cache, no images by their names: 1: train/dog/Thumbs.db"), output.err());
        List<LabelledImage> images = images(prefix);
        assertEquals(Map.of("m/train/dog/1.jpg", Split.TRAIN, "m/test/red panda/ä+1%.jpg", Split.HELD_OUT),
                images.stream().collect(Collectors.toMap(LabelledImage::imageId, LabelledImage::split)));
        assertEquals(List.of("dog", "red panda"), images.stream().map(LabelledImage::label).sorted().toList());
        images.forEach(i -> assertArrayEquals(image, i.bytes()));
    }

    @Test
    void aWholeBucketIsPushedInOrder() throws Exception {
        List<String> keys = IntStream.range(0, 20).mapToObj(i -> "bus/%02d.jpg".formatted(i)).toList();
        fill("whole-bucket", keys.toArray(String[]::new));
        String prefix = topics();
        Output output = produce(prefix, "s3://whole-bucket");
        assertEquals(0, output.exitCode(), output.err());
        assertEquals(keys, images(prefix).stream().map(LabelledImage::imageId).toList());
    }

    @Test
    void whatIsTooLargeOrHasAnImpossibleKeyIsNamedAndSkipped() throws Exception {
        fill("strange", "bus/1.jpg", "bus/tab\there.jpg");
        filling.putObject(b -> b.bucket("strange").key("bus/large.jpg"), RequestBody.fromBytes(new byte[5000]));
        String prefix = topics();
        Output output = produce(prefix, "s3://strange/", "--set", "images.max-bytes=" + Math.max(image.length, 1024));
        assertEquals(1, output.exitCode(), output.err());
        assertTrue(output.out().contains("pushed 1, skipped 2"), output.out());
        assertTrue(output.err().contains("promptgate: skipped, larger than images.max-bytes [file: s3://strange/bus/large.jpg]"),
                output.err());
        assertTrue(output.err().contains("promptgate: skipped, The key has control characters; rename the object "
                + "[bucket: strange, key: bus/tab?here.jpg]"), output.err());
        assertEquals(List.of("bus/1.jpg"), images(prefix).stream().map(LabelledImage::imageId).toList());
    }

    @Test
    void aReferenceIsPushedInsteadOfTheBytes() throws Exception {
        fill("referred", "red apple/50%.jpg");
        filling.putObject(b -> b.bucket("referred").key("red apple/large.jpg"), RequestBody.fromBytes(new byte[5000]));
        String prefix = topics();
        Output output = produce(prefix, "s3://referred/", "--by-reference", "--set", "images.max-bytes=1024");
        assertEquals(0, output.exitCode(), output.err());
        List<ConsumerRecord<byte[], byte[]>> records = records(prefix);
        assertEquals(List.of("s3://referred/red%20apple/50%25.jpg", "s3://referred/red%20apple/large.jpg"),
                records.stream().map(record -> new String(record.value(), UTF_8)).toList());
        assertEquals(List.of("" + image.length, "5000"), records.stream().map(record -> header(record, "image-size")).toList());
        assertEquals("text/uri-list", header(records.get(0), "content-type"));
        assertEquals("red apple", header(records.get(0), "label"));
        assertEquals("red apple/50%.jpg", new String(records.get(0).key(), UTF_8));
    }

    @Test
    void filesAreReferredToAsWell(@TempDir Path directory) throws Exception {
        Path file = Files.createDirectories(directory.resolve("red apple")).resolve("1.jpg");
        Files.write(file, image);
        String prefix = topics();
        assertEquals(0, produce(prefix, directory.toString(), "--by-reference").exitCode());
        ConsumerRecord<byte[], byte[]> record = records(prefix).get(0);
        assertEquals(file.toUri(), URI.create(new String(record.value(), UTF_8)));
        assertTrue(file.toUri().toString().startsWith("file:///") && file.toUri().toString().endsWith("/red%20apple/1.jpg"));
        assertEquals("" + image.length, header(record, "image-size"));
        assertEquals(0, produce(prefix, directory.toString()).exitCode());
        assertNull(records(prefix).get(1).headers().lastHeader("content-type"));
    }

    @Test
    void whatCannotBeReadIsOneLine() throws Exception {
        String prefix = topics();
        for (Map.Entry<Output, String> one : Map.of(
                produce(prefix, "s3://nobody/"), "There is no such bucket; check its name, s3.endpoint and s3.region [bucket: nobody",
                produce(prefix, "s3://No_Bucket/"), "A bucket's name has 3 to 63 lower-case letters",
                produce(prefix, "s3://photos/", "--set", "s3.endpoint=http://127.0.0.1:1", "--set", "s3.timeout=1s"),
                "S3 does not answer as it should; is s3.endpoint right, and reachable? [bucket: photos, key: , cause: ",
                produce(prefix, "--sample", "--by-reference"), "--sample has its own images; leave out --by-reference").entrySet()) {
            assertEquals(1, one.getKey().exitCode());
            assertTrue(one.getKey().err().startsWith("promptgate: " + one.getValue()), one.getKey().err());
            assertEquals(1, one.getKey().err().lines().count(), one.getKey().err());
        }
        Output half = Output.of("produce", "s3://photos/", "--set", "s3.access-key-id=tester");
        assertEquals(2, half.exitCode());
        assertTrue(half.err().contains("s3.access-key-id and s3.secret-access-key go together"), half.err());
        assertEquals(List.of(), records(prefix));
    }

    @Test
    void anObjectThatIsGoneIsSkippedAndAStoreThatFailsEndsIt() throws Exception {
        String prefix = topics();
        HttpServer failing = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        failing.createContext("/photos", exchange -> {
            boolean isList = String.valueOf(exchange.getRequestURI().getQuery()).contains("list-type=2");
            boolean isGone = exchange.getRequestURI().getPath().endsWith("gone.jpg");
            byte[] answer = (isList ? """
                    <ListBucketResult><Name>photos</Name><IsTruncated>false</IsTruncated>
                    <Contents><Key>bus/gone.jpg</Key><Size>5</Size></Contents>
                    <Contents><Key>bus/stays.jpg</Key><Size>5</Size></Contents></ListBucketResult>"""
                    : "<Error><Code>%s</Code></Error>".formatted(isGone ? "NoSuchKey" : "SlowDown")).getBytes(UTF_8);
            exchange.sendResponseHeaders(isList ? 200 : isGone ? 404 : 503, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        failing.start();
        try {
            Output output = produce(prefix, "s3://photos/", "--set", "s3.attempts=1", "--set",
                    "s3.endpoint=http://127.0.0.1:" + failing.getAddress().getPort());
            assertEquals(1, output.exitCode());
            assertEquals(List.of(
                    "promptgate: skipped, cannot be read (There is no such object; check bucket and key [bucket: photos, "
                            + "key: bus/gone.jpg]) [file: s3://photos/bus/gone.jpg]",
                    "promptgate: S3 is out of order or overloaded; try again later [bucket: photos, key: bus/stays.jpg, status: 503, "
                            + "code: SlowDown] [pushed before: 0]"),
                    output.err().lines().toList());
        } finally {
            failing.stop(0);
        }
    }

    private void fill(String bucket, String... keys) {
        filling.createBucket(b -> b.bucket(bucket));
        for (String key : keys) {
            filling.putObject(b -> b.bucket(bucket).key(key), key.endsWith("/") ? RequestBody.empty() : RequestBody.fromBytes(image));
        }
    }

    private String topics() {
        String prefix = broker.uniquePrefix();
        Output output = Output.of("topics", "--bootstrap-servers", broker.bootstrapServers(), "--topic-prefix", prefix, "--set",
                "topics.partitions=1");
        assertEquals(0, output.exitCode(), output.err());
        return prefix;
    }

    private Output produce(String prefix, String... more) {
        List<String> args = new ArrayList<>(List.of("produce", "--bootstrap-servers", broker.bootstrapServers(), "--topic-prefix", prefix,
                "--set", "s3.path-style=true", "--set", "s3.access-key-id=tester", "--set", "s3.secret-access-key=hush-hush"));
        args.addAll(List.of(more));
        if (args.stream().noneMatch(word -> word.startsWith("s3.endpoint="))) {
            args.addAll(List.of("--set", "s3.endpoint=" + endpoint()));
        }
        return Output.of(args.toArray(String[]::new));
    }

    private List<LabelledImage> images(String prefix) throws Exception {
        List<LabelledImage> images = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records(prefix)) {
            images.add(LabelledImage.decode(record));
        }
        return images;
    }

    private List<ConsumerRecord<byte[], byte[]>> records(String prefix) throws Exception {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (TopicLog log = new TopicLog(new KafkaClients(broker.bootstrapServers(), Map.of(), 1 << 21))) {
            log.read(prefix + "labelled-images").forEach(records::add);
        }
        return records;
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }
}
