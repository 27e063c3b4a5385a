package dev.promptgate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.robothy.s3.rest.LocalS3;
import com.robothy.s3.rest.bootstrap.LocalS3Mode;
import dev.promptgate.bundled.BundledModel;
import dev.promptgate.bundled.SampleStream;
import dev.promptgate.cli.command.CommonOptions;
import dev.promptgate.cli.command.KnownSettings;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.engine.ComputeOptions;
import dev.promptgate.encoder.EncoderVerticle;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.Rejection.RejectedImage;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.service.settings.SettingsSources;
import dev.promptgate.service.settings.SettingsValues;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.TestBroker;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** Objects of S3 from {@code promptgate produce --by-reference} to features and rejections, on a real broker. */
@BrokerTest
class S3ReferencesIT {
    private static final byte[] IMAGE = SampleStream.bytes(SampleStream.entries().get(0));

    private final TestBroker broker;

    S3ReferencesIT(TestBroker broker) {
        this.broker = broker;
    }

    @Test
    void aReferenceBecomesAFeatureThatNamesItOrARejectionThatSaysWhy(@TempDir Path directory) throws Exception {
        LocalS3 server = LocalS3.builder().port(-1).mode(LocalS3Mode.IN_MEMORY).build();
        server.start();
        TopicNames topics = new TopicNames(broker.uniquePrefix());
        Map<String, String> settings = new HashMap<>(Map.of("kafka.bootstrap-servers", broker.bootstrapServers(), "topics.prefix",
                topics.prefix(), "s3.endpoint", "http://127.0.0.1:" + server.getPort(), "s3.path-style", "true", "s3.access-key-id",
                "tester", "s3.secret-access-key", "hush-hush"));
        push(server, settings);
        settings.putAll(Map.of("http.port", "0", "references.s3-buckets", "photos", "labels.fold", "true"));
        SettingsValues values = KnownSettings.catalogue().resolve(SettingsSources.of(settings));
        ServiceHost host = new ServiceHost(values);
        KafkaClients clients = CommonOptions.clients(values);
        try (ClipModel model = ClipModel.load(BundledModel.extractTo(directory), ComputeOptions.cpu());
                host;
                TopicLog log = new TopicLog(clients)) {
            host.start(() -> new EncoderVerticle(values, clients, topics, model, host)).await();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> log.read(topics.imageFeatures()).size() + log.read(topics.rejectedImages()).size() == 4);
            ImageFeature feature = ImageFeature.decode(log.read(topics.imageFeatures()).get(0));
            assertEquals("s3://photos/animals/Red%20Apple/50%25.jpg", feature.file().reference().orElseThrow());
            assertEquals("red apple", feature.label());
            assertArrayEquals(model.imageEncoder().encode(List.of(model.preprocessor().preprocess(IMAGE)))[0], feature.feature(), 1e-4f);
            assertRejections(log.read(topics.rejectedImages()));
            assertFalse(host.failure().failed());
        } finally {
            server.shutdown();
        }
    }

    /** One good image, one that is gone since, one that is none, and one in a bucket that no encoder may read. */
    private static void push(LocalS3 server, Map<String, String> settings) {
        String[] common = settings.entrySet().stream().flatMap(e -> Stream.of("--set", e.getKey() + "=" + e.getValue()))
                .toArray(String[]::new);
        try (S3Client filling = S3Client.builder().endpointOverride(URI.create("http://127.0.0.1:" + server.getPort()))
                .forcePathStyle(true).region(Region.US_EAST_1).credentialsProvider(AnonymousCredentialsProvider.create())
                .httpClientBuilder(Apache5HttpClient.builder()).build()) {
            for (String bucket : List.of("photos", "private")) {
                filling.createBucket(b -> b.bucket(bucket));
                filling.putObject(b -> b.bucket(bucket).key("animals/Red Apple/50%.jpg"), RequestBody.fromBytes(IMAGE));
            }
            filling.putObject(b -> b.bucket("photos").key("animals/bus/gone.jpg"), RequestBody.fromBytes(IMAGE));
            filling.putObject(b -> b.bucket("photos").key("animals/bus/text.jpg"), RequestBody.fromString("no image"));
            done(0, "topics", common);
            done(0, "produce", common, "s3://photos/animals", "--by-reference");
            done(0, "produce", common, "s3://private/animals", "--by-reference", "--id-prefix", "private/");
            filling.deleteObject(b -> b.bucket("photos").key("animals/bus/gone.jpg"));
        }
    }

    private static void done(int exitCode, String command, String[] common, String... more) {
        Output output = Output.of(Stream.of(Stream.of(command), Stream.of(more), Stream.of(common)).flatMap(all -> all)
                .toArray(String[]::new));
        assertEquals(exitCode, output.exitCode(), output.err());
    }

    private static void assertRejections(List<ConsumerRecord<byte[], byte[]>> records) {
        Map<String, String> codes = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            RejectedImage rejected = RejectedImage.decode(record).orElseThrow();
            codes.put(new String(record.key(), UTF_8), rejected.code());
            assertTrue(new String(record.value(), UTF_8).startsWith("s3://"), "as it came");
            assertFalse(rejected.message().contains("hush"), rejected.message());
        }
        assertEquals(Map.of("bus/gone.jpg", "reference-unavailable", "bus/text.jpg", "not-an-image", "private/Red Apple/50%.jpg",
                "reference-refused"), codes);
    }
}
