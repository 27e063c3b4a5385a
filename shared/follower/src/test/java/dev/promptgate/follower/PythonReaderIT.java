package dev.promptgate.follower;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.learning.prompt.ClassEmbeddings;
import dev.promptgate.learning.prompt.EmbeddingType;
import dev.promptgate.learning.prompt.EmbeddingsCodec;
import dev.promptgate.messaging.trust.PromptKind;
import dev.promptgate.messaging.trust.PromptSigner;
import dev.promptgate.messaging.trust.SigningKeys;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.TestBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's Python reads what the codec writes; skipped, with the reason, where there is no Python or no kafka-python. */
@BrokerTest
class PythonReaderIT {
    @TempDir
    private Path directory;

    @Test
    void theStandardLibraryReadsARecord() throws Exception {
        requirePython("");
        ProducerRecord<byte[], byte[]> sent = new ProducerRecord<>("prompt-rollouts", Prompts.key(Prompts.NAME), Prompts.value(7));
        PromptSigner.load(SigningKeys.generate(directory, "k").privateKey()).sign(sent, PromptKind.ROLLOUT, 42);
        String headers = Arrays.stream(sent.headers().toArray()).map(h -> "('%s', %s)".formatted(h.key(), python(h.value())))
                .collect(Collectors.joining(", "));
        String floats = IntStream.range(0, Prompts.CTX.length).mapToObj(i -> "0x%08X".formatted(Float.floatToIntBits(Prompts.CTX[i])))
                .collect(Collectors.joining(", "));
        assertRuns(blocks().get(0) + """

                from types import SimpleNamespace
                key, value = %s, %s
                prompt = read(SimpleNamespace(key=key, value=value, headers=[%s]))
                assert (prompt["name"], prompt["version"], prompt["model"], prompt["sequence"]) == ("default", 7, "sha256:ours", 42), prompt
                assert prompt["classes"] == ["red apple", "\\u00dcbergr\\u00f6\\u00dfe \\"quoted\\""], prompt
                assert [struct.unpack("<I", struct.pack("<f", x))[0] for row in prompt["ctx"] for x in row] == [%s], prompt
                assert prompt["descriptions"] == {"n1": "fruit of a tree"}, prompt
                assert [len(row) for row in prompt["ctx"]] == [3, 3], prompt
                assert read(SimpleNamespace(key=key, value=value, headers=[]))["sequence"] is None
                assert read(SimpleNamespace(key=key, value=None, headers=None)) is None
                """.formatted(python(sent.key()), python(sent.value()), headers, floats));
    }

    @Test
    void theWholeReaderFollowsTheTopic(TestBroker broker) throws Exception {
        requirePython("kafka");
        try (RolloutTopic topic = new RolloutTopic(broker.bootstrapServers(), broker.uniquePrefix())) {
            topic.write(Prompts.value(1));
            topic.write(null);
            String script = (blocks().get(0) + blocks().get(1)).replace("kafka:9092", broker.bootstrapServers()).replace("prompt-rollouts",
                    topic.topics.promptRollouts());
            Path output = directory.resolve("output");
            Process reader = start(script, output);
            try {
                Awaitility.await().atMost(Duration.ofSeconds(60))
                        .until(() -> !reader.isAlive() || Files.readString(output).contains("again"));
                assertEquals("default version 1: ['red apple', 'Übergröße \"quoted\"']\ndefault is the hand-written prompt again\n",
                        Files.readString(output));
            } finally {
                reader.destroyForcibly().waitFor();
            }
        }
    }

    /** A set of three parts, of which one is left over, then one of two; what a part of another set would make is not taken. */
    @Test
    void theStandardLibraryPutsClassEmbeddingsTogether() throws Exception {
        requirePython("");
        List<ProducerRecord<byte[], byte[]>> before = Embeddings.change("class-embeddings", Embeddings.set(1, 3), 0, Optional.empty(), 0);
        List<ProducerRecord<byte[], byte[]>> after = Embeddings.change("class-embeddings", Embeddings.set(2, 2), 3, Optional.empty(), 0);
        ClassEmbeddings half = Embeddings.set(3, 1);
        float[] feature = {(float) Math.sqrt(0.5), (float) -Math.sqrt(0.5)};
        half.textFeatures()[0] = feature;
        byte[] float16 = EmbeddingsCodec.encode(half, EmbeddingType.FLOAT16);
        assertRuns(blocks().get(2) + """

                from types import SimpleNamespace
                before, after, float16 = [%s], [%s], %s
                def take(part):
                    embeddings.take(SimpleNamespace(key=part[0], value=part[1]))
                embeddings = Embeddings()
                for part in before[2:] + after[:1]:
                    take(part)
                assert embeddings.live is None
                for part in after[1:]:
                    take(part)
                live = embeddings.live
                assert (live["version"], live["model"], live["scale"]) == (2, "sha256:ours", 100), live
                assert live["classes"] == ['Größe "0"', 'Größe "1"'], live
                assert live["text_features"] == [(0, 1, 0), (0, 0, 1)], live
                assert classify(live, (0, 0, 1)) == ('Größe "1"', 1), classify(live, (0, 0, 1))
                assert abs(classify(live, (0, 0.01, 0))[1] - 0.7310585786) < 1e-9, classify(live, (0, 0.01, 0))
                damaged = bytearray(after[0][1])
                damaged[-1] ^= 1
                take((after[0][0], bytes(damaged)))
                take(after[1])
                take((b"default/0", float16))
                assert embeddings.live["version"] == 3 and abs(embeddings.live["text_features"][0][1] + 0.5 ** 0.5) < 3e-4, embeddings.live
                take((b"other/0", None))
                assert embeddings.live
                take((b"default/0", None))
                assert embeddings.live is None
                """.formatted(parts(before), parts(after), python(float16)));
    }

    private static String parts(List<ProducerRecord<byte[], byte[]>> records) {
        return records.stream().map(part -> "(%s, %s)".formatted(python(part.key()), part.value() == null ? "None" : python(part.value())))
                .collect(Collectors.joining(", "));
    }

    private void requirePython(String module) throws InterruptedException, IOException {
        String script = module.isEmpty() ? "" : "import " + module;
        try {
            Path output = directory.resolve("probe");
            Process probe = start(script, output);
            Assumptions.assumeTrue(probe.waitFor(60, TimeUnit.SECONDS) && probe.exitValue() == 0, () -> "python3 has no module " + module);
        } catch (IOException e) {
            Assumptions.abort("there is no python3 here: " + e.getMessage());
        }
    }

    private void assertRuns(String script) throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        Process process = start(script, output);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it does not end");
        assertEquals(0, process.exitValue(), () -> text(output));
    }

    private Process start(String script, Path output) throws IOException {
        Path file = Files.writeString(directory.resolve("script.py"), script);
        ProcessBuilder builder = new ProcessBuilder("python3", file.toString()).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("PYTHONIOENCODING", "utf-8");
        return builder.start();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static String python(byte[] bytes) {
        return "bytes.fromhex('" + HexFormat.of().formatHex(bytes) + "')";
    }

    private static List<String> blocks() throws IOException {
        Matcher matcher = Pattern.compile("```python\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("README.md"), StandardCharsets.UTF_8));
        List<String> blocks = matcher.results().map(result -> result.group(1)).toList();
        assertEquals(3, blocks.size(), "the README's three blocks of Python");
        return blocks;
    }
}
