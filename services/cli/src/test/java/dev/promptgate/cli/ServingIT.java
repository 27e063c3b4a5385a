package dev.promptgate.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.bundled.SampleStream;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.TestBroker;
import dev.promptgate.testing.TlsFiles;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Classifier and console as users start them, from the distribution. */
@BrokerTest
class ServingIT {
    private static final String TOKEN = "a-token-for-serving";

    private final TestBroker broker;

    @TempDir
    private Path directory;

    ServingIT(TestBroker broker) {
        this.broker = broker;
    }

    @Test
    void withCertificateAndTokenTheConsolePassesAnImageToTheClassifierOverTls() throws Exception {
        TlsFiles tls = TlsFiles.make(directory, "serving");
        Map<String, String> environment = Map.of("PROMPTGATE_API_TOKEN", TOKEN, "PROMPTGATE_API_TLS_CERTIFICATE",
                tls.certificate().toString(), "PROMPTGATE_API_TLS_KEY", key(tls).toString(),
                "PROMPTGATE_JAVA_OPTS",
                "-Djavax.net.ssl.trustStore=" + tls.keystore() + " -Djavax.net.ssl.trustStorePassword=" + TlsFiles.PASSWORD);
        String[] kafka = {"--bootstrap-servers", broker.bootstrapServers(), "--topic-prefix", broker.uniquePrefix(), "--http-port", "0"};
        try (RunningService topics = RunningService.start(directory, Map.of(), "topics", kafka[0], kafka[1], kafka[2], kafka[3])) {
            assertEquals(0, topics.ended().exitCode());
        }
        Path classes = Files.writeString(directory.resolve("classes.txt"), "airplane\ncamera\n");
        HttpClient client = HttpClient.newBuilder().sslContext(trusting(tls)).build();
        try (RunningService classifier = RunningService
                .start(directory, environment, joined("classifier", kafka, "--port", "0", "--set", "classifier.classes=" + classes))
                .started()) {
            String address = found("Classifies at (https://\\S+)", classifier.log());
            try (RunningService console = RunningService
                    .start(directory, environment, joined("console", kafka, "--port", "0", "--set", "console.classifier-url=" + address))
                    .started()) {
                URI page = URI.create(found("the page is at (https://[^\\s,]+)", console.log()));
                assertEquals(200, client.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString()).statusCode());
                HttpRequest.Builder image = HttpRequest.newBuilder(page.resolve("/api/classify")).header("Content-Type", "image/jpeg")
                        .POST(BodyPublishers.ofByteArray(SampleStream.bytes(SampleStream.entries().get(0))));
                assertEquals(401, client.send(image.build(), BodyHandlers.ofString()).statusCode());
                HttpResponse<String> answer = client.send(image.header("Authorization", "Bearer " + TOKEN).build(),
                        BodyHandlers.ofString());
                assertEquals(200, answer.statusCode(), answer.body());
                assertEquals(2, new ObjectMapper().readTree(answer.body()).path("zero_shot").size(), answer.body());
                assertThrows(SSLHandshakeException.class,
                        () -> HttpClient.newHttpClient().send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString()));
                assertEquals(0, console.stopped().exitCode(), console::log);
            }
            assertEquals(0, classifier.stopped().exitCode(), classifier::log);
            assertTrue(!classifier.log().contains(TOKEN), "the token is in the log");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"trust:\n  rollout-public-keys:\n    - /nowhere/rollouts.pub\n",
            "trust:\n  rollout-public-keys: /nowhere/rollouts.pub\n"})
    void theKeysOfAListAreThoseThatRolloutsAreVerifiedWith(String yaml) throws Exception {
        String[] kafka = {"--bootstrap-servers", broker.bootstrapServers(), "--topic-prefix", broker.uniquePrefix()};
        assertEquals(0, Output.of(joined("topics", kafka)).exitCode());
        Output output = Output.of(joined("classifier", kafka, "--http-port", "0", "--port", "0", "--config",
                Files.writeString(directory.resolve("keys.yaml"), yaml).toString()));
        assertEquals(2, output.exitCode(), output.err());
        assertTrue(output.err().contains("trust.rollout-public-keys: There is no such key file"), output.err());
    }

    private static String[] joined(String command, String[] kafka, String... more) {
        return Stream.of(new String[] {command}, kafka, more).flatMap(Arrays::stream).toArray(String[]::new);
    }

    private static String found(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertTrue(matcher.find(), text);
        return matcher.group(1);
    }

    private Path key(TlsFiles tls) throws Exception {
        KeyStore store = KeyStore.getInstance(tls.keystore().toFile(), TlsFiles.PASSWORD.toCharArray());
        String key = Base64.getMimeEncoder().encodeToString(store.getKey("broker", TlsFiles.PASSWORD.toCharArray()).getEncoded());
        return Files.writeString(directory.resolve("serving.key"), "-----BEGIN PRIVATE KEY-----\n" + key + "\n-----END PRIVATE KEY-----\n");
    }

    private static SSLContext trusting(TlsFiles tls) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream certificate = Files.newInputStream(tls.certificate())) {
            trusted.setCertificateEntry("serving", CertificateFactory.getInstance("X.509").generateCertificate(certificate));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
