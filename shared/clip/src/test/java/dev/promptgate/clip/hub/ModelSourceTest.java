package dev.promptgate.clip.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.clip.digest.Sha256;
import dev.promptgate.clip.failure.ModelException;
import dev.promptgate.clip.hub.FakeHub.Mishap;
import dev.promptgate.clip.hub.ModelName.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every form of a name, through a hub on loopback. */
class ModelSourceTest {
    private static final byte[] WEIGHTS = new byte[100_000];
    private static final byte[] CONFIG = "{\"vision_config\":{}}".getBytes(StandardCharsets.UTF_8);
    private static final String VOCABULARY = "openai/clip-vit-base-patch32";

    static {
        new Random(1).nextBytes(WEIGHTS);
    }

    @TempDir
    Path home;

    private final Map<String, String> environment = new HashMap<>();
    private FakeHub hub;

    @BeforeEach
    void start() throws IOException {
        hub = new FakeHub();
        environment.put("HF_ENDPOINT", hub.address() + "/");
        environment.put("HF_HOME", home.resolve("hf").toString());
        put("org/model", "main", "config.json", "model.safetensors", "tokenizer.json", "preprocessor_config.json");
        put(VOCABULARY, "main", "vocab.json", "merges.txt");
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    @Test
    void downloadsOnceAndThenAsksNobody() throws IOException {
        ModelFiles files = resolve("org/model");
        assertEquals(Optional.empty(), files.tokenizer());
        assertArrayEquals(WEIGHTS, Files.readAllBytes(files.location().resolve("model.safetensors")));
        assertTrue(Files.exists(files.location().resolve("preprocessor_config.json")));
        hub.requests.clear();
        assertEquals(files, resolve("org/model"));
        assertEquals(files, resolve("hf-hub:org/model@main"));
        assertEquals(List.of(), hub.requests);
    }

    @ParameterizedTest
    @ValueSource(strings = {"refs/pr/15", "v2", "3d74acf9a28c67741b2f4f2ea7635f0aaf6f0268", "feature/x.y"})
    void takesAnyRevision(String revision) throws IOException {
        put("org/model", revision, "config.json", "pytorch_model.bin", "tokenizer.json");
        Path location = resolve("org/model@" + revision).location();
        assertTrue(Files.exists(location.resolve("pytorch_model.bin")));
        assertTrue(hub.requests.stream().allMatch(request -> request.path().contains(revision.replace("/", "%2F"))));
    }

    @Test
    void takesShards() throws IOException {
        put("org/shards", "main", "config.json", "pytorch_model-00001-of-00002.bin", "pytorch_model-00002-of-00002.bin", "tokenizer.json");
        hub.put("org/shards", "main", "pytorch_model.bin.index.json", ("{\"weight_map\":{\"a\":\"pytorch_model-00001-of-00002.bin\","
                + "\"b\":\"pytorch_model-00002-of-00002.bin\"}}").getBytes(StandardCharsets.UTF_8));
        assertTrue(Files.exists(resolve("org/shards").location().resolve("pytorch_model-00002-of-00002.bin")));
        hub.put("org/outside", "main", "config.json", CONFIG);
        hub.put("org/outside", "main", "model.safetensors.index.json",
                "{\"weight_map\":{\"a\":\"../x\"}}".getBytes(StandardCharsets.UTF_8));
        assertRefused("org/outside", "shard");
    }

    @Test
    void takesOpenClipsPairsWithClipsVocabulary() throws IOException {
        put("laion/CLIP-ViT-B-16-laion2B-s34B-b88K", "main", "open_clip_config.json", "open_clip_pytorch_model.bin");
        ModelFiles files = resolve("ViT-B-16:laion2b_s34b_b88k");
        assertTrue(Files.exists(files.location().resolve("open_clip_pytorch_model.bin")));
        assertTrue(Files.exists(files.tokenizer().orElseThrow().resolve("merges.txt")));
        assertEquals(files, resolve("ViT-B/16:laion2B-s34B-b88K"), "as open_clip spells it too");
        assertRefused("ViT-B-16:laion3b", "laion2b_s34b_b88k");
        assertRefused("RN50:openai", "ViT-B-16");
    }

    @Test
    void takesOpenClipsFilesWhereTheConfigurationBesideThemIsAnotherLibrarys() throws IOException {
        put("timm/vit", "main", "model.safetensors", "open_clip_config.json", "open_clip_model.safetensors", "tokenizer.json");
        hub.put("timm/vit", "main", "config.json", "{\"architecture\":\"vit\"}".getBytes(StandardCharsets.UTF_8));
        Path location = resolve("hf-hub:timm/vit").location();
        assertTrue(Files.exists(location.resolve("open_clip_model.safetensors")));
        assertFalse(Files.exists(location.resolve("model.safetensors")));
    }

    @Test
    void takesOpenAisNamesAndChecksTheirSums() throws IOException {
        hub.files.put("/" + ModelName.OPENAI.get("ViT-L/14@336px").sha256() + "/ViT-L-14-336px.pt", WEIGHTS);
        assertRefused("ViT-L/14@336px", "checksum");
        assertRefused("ViT-B/16", "not where it was published");
        assertRefused("RN50", "ViT-B/16");
    }

    @Test
    void pathsComeFirst() throws IOException {
        Path file = Files.write(home.resolve("open_clip_pytorch_model.bin"), WEIGHTS);
        assertEquals(new ModelFiles(file, Optional.empty()), resolve(file.toString()));
        Path vocabulary = Files.createDirectory(home.resolve("vocabulary"));
        assertEquals(new ModelFiles(file, Optional.of(vocabulary)), ModelSource.resolve(file.toString(), vocabulary.toString(), options()));
        assertEquals(List.of(), hub.requests);
        assertTrue(ModelSource.resolve(file.toString(), VOCABULARY, options()).tokenizer().isPresent());
    }

    @Test
    void looksIntoHuggingFacesCacheFirst() throws IOException {
        Path folder = home.resolve("hf/hub/models--org--model");
        Path snapshot = Files.createDirectories(folder.resolve("snapshots/abc"));
        Files.createDirectories(folder.resolve("refs/refs/pr"));
        Files.writeString(folder.resolve("refs/main"), "abc");
        Files.writeString(folder.resolve("refs/refs/pr/1"), "abc");
        Path blob = Files.write(folder.resolve("blob"), CONFIG);
        Files.createSymbolicLink(snapshot.resolve("config.json"), blob);
        Files.createSymbolicLink(snapshot.resolve("tokenizer.json"), blob);
        assertEquals("org--model@main", resolve("org/model").location().getFileName().toString(), "a snapshot without weights is none");
        Files.createSymbolicLink(snapshot.resolve("model.safetensors"), Files.write(folder.resolve("weights"), WEIGHTS));
        hub.requests.clear();
        environment.put("HF_HUB_OFFLINE", "1");
        for (String name : List.of("org/model", "org/model@refs/pr/1", "org/model@abc")) {
            assertEquals(snapshot, resolve(name).location());
        }
        environment.put("HF_HUB_CACHE", home.resolve("elsewhere").toString());
        assertRefused("org/model@abc", "HF_HUB_OFFLINE");
        assertEquals(List.of(), hub.requests);
    }

    @Test
    void aSnapshotWithoutAllItsShardsIsNone() throws IOException {
        byte[] index = "{\"weight_map\":{\"a\":\"a.bin\",\"b\":\"b.bin\"}}".getBytes(StandardCharsets.UTF_8);
        put("org/shards", "main", "config.json", "a.bin", "b.bin", "tokenizer.json");
        hub.put("org/shards", "main", "pytorch_model.bin.index.json", index);
        Path folder = home.resolve("hf/hub/models--org--shards");
        Path snapshot = Files.createDirectories(folder.resolve("snapshots/abc"));
        Files.writeString(Files.createDirectories(folder.resolve("refs")).resolve("main"), "abc");
        Files.write(snapshot.resolve("config.json"), CONFIG);
        Files.write(snapshot.resolve("pytorch_model.bin.index.json"), index);
        Files.write(snapshot.resolve("a.bin"), WEIGHTS);
        assertEquals("org--shards@main", resolve("org/shards").location().getFileName().toString());
        Files.write(snapshot.resolve("b.bin"), WEIGHTS);
        assertEquals(snapshot, resolve("org/shards").location());
    }

    @Test
    void namesThatDifferInTheirSlashAloneAreKeptApart() throws IOException {
        put("a/b_c", "main", "config.json", "model.safetensors", "tokenizer.json");
        put("a_b/c", "main", "config.json", "pytorch_model.bin", "tokenizer.json");
        assertTrue(Files.exists(resolve("a/b_c").location().resolve("model.safetensors")));
        assertTrue(Files.exists(resolve("a_b/c").location().resolve("pytorch_model.bin")));
    }

    @Test
    void whatEarlierVersionsDownloadedIsUsed() throws IOException {
        Path earlier = Files.createDirectories(home.resolve("cache/models/org_other@v1"));
        Files.createFile(earlier.resolve("tokenizer.json"));
        Files.createFile(earlier.resolve(".complete"));
        assertEquals(earlier, resolve("org/other@v1").location());
        assertEquals(List.of(), hub.requests);
    }

    @Test
    void allFilesAreOfOneCommit() throws IOException {
        hub.commit = "1111";
        hub.refusals.put("/org/model/resolve/main/tokenizer.json", 403);
        assertRefused("org/model", "403");
        hub.refusals.clear();
        hub.commit = "2222";
        assertRefused("org/model", "has changed on the hub");
        hub.requests.clear();
        assertTrue(Files.exists(resolve("org/model").location().resolve("tokenizer.json")));
        assertTrue(hub.requests.stream().anyMatch(request -> request.path().endsWith("/config.json")), "nothing of the first is kept");
    }

    static Stream<String> pairs() throws IOException {
        Properties pairs = new Properties();
        try (InputStream in = ModelName.class.getResourceAsStream("open-clip-pairs.properties")) {
            pairs.load(in);
        }
        return pairs.stringPropertyNames().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void everyPairLeadsToARepository(String pair) throws IOException {
        Repository repository = (Repository) ModelName.parse(pair.replace('/', ':'), ModelName.OPENAI);
        put(repository.name(), "main", "open_clip_config.json", "open_clip_model.safetensors", "tokenizer.json");
        assertTrue(Files.exists(resolve(pair.replace('/', ':')).location().resolve("open_clip_model.safetensors")));
    }

    @Test
    void aDamagedReferenceOfHuggingFacesCacheIsPassedOver() throws IOException {
        environment.put("HOME", home.toString());
        environment.put("HF_HOME", "~/hf");
        assertEquals(home.resolve("hf/hub"), options().hubCache());
        Files.write(Files.createDirectories(home.resolve("hf/hub/models--org--model/refs")).resolve("main"), new byte[40]);
        assertEquals("org--model@main", resolve("org/model").location().getFileName().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ViT-B/16", "no word", "ViT-B-16:laion3b", "/nowhere/x"})
    void tokenizersThatAreNoneAreNamedByTheirSetting(String tokenizer) throws IOException {
        put("org/bare", "main", "config.json", "model.safetensors");
        ModelException e = assertThrows(ModelException.class, () -> ModelSource.resolve("org/bare", tokenizer, options()));
        assertTrue(e.getMessage().contains("[model.tokenizer: " + tokenizer), e.getMessage());
    }

    @Test
    void goesOnWhereItBrokeOff() throws IOException {
        hub.mishaps.addAll(List.of(Mishap.TOO_MANY_REQUESTS, Mishap.CUT_AT_60_PERCENT, Mishap.EXPIRED, Mishap.UNAVAILABLE));
        assertArrayEquals(WEIGHTS, Files.readAllBytes(resolve("org/model").location().resolve("model.safetensors")));
        List<String> ranges = hub.requests.stream().filter(request -> !request.isFromHub()).map(FakeHub.Request::range).toList();
        assertEquals(List.of("", "", "bytes=60000-", "bytes=60000-", "bytes=60000-"), ranges);
    }

    @Test
    void theNextProcessGoesOnToo() throws IOException {
        for (int i = 0; i < 6; i++) {
            hub.mishaps.add(i == 0 ? Mishap.CUT_AT_60_PERCENT : Mishap.UNAVAILABLE);
        }
        assertRefused("org/model", "what has come is kept");
        hub.requests.clear();
        assertArrayEquals(WEIGHTS, Files.readAllBytes(resolve("org/model").location().resolve("model.safetensors")));
        assertTrue(hub.requests.stream().anyMatch(request -> request.range().equals("bytes=60000-")));
    }

    @Test
    void aFileThatChangedMeanwhileBeginsAnew() throws IOException {
        for (int i = 0; i < 6; i++) {
            hub.mishaps.add(i == 0 ? Mishap.CUT_AT_60_PERCENT : Mishap.UNAVAILABLE);
        }
        assertRefused("org/model", "what has come is kept");
        byte[] other = WEIGHTS.clone();
        other[5]++;
        hub.put("org/model", "main", "model.safetensors", other);
        assertArrayEquals(other, Files.readAllBytes(resolve("org/model").location().resolve("model.safetensors")));
    }

    @Test
    void whatAKilledProcessLeftNeverStandsInTheWay() throws IOException {
        Path directory = Files.createDirectories(home.resolve("cache/models/org--model@main"));
        Files.write(directory.resolve("model.safetensors.part"), new byte[10]);
        Files.write(directory.resolve("model.safetensors.part.etag"), new byte[] {(byte) 0xff, '\n'});
        assertArrayEquals(WEIGHTS, Files.readAllBytes(resolve("org/model").location().resolve("model.safetensors")));
    }

    @Test
    void whatIsWholeAlreadyIsNotFetchedAgain() throws IOException {
        Path directory = Files.createDirectories(home.resolve("cache/models/org--model@main"));
        Files.write(directory.resolve("model.safetensors.part"), WEIGHTS);
        Files.writeString(directory.resolve("model.safetensors.part.etag"), Sha256.hex(WEIGHTS));
        assertArrayEquals(WEIGHTS, Files.readAllBytes(resolve("org/model").location().resolve("model.safetensors")));
        assertTrue(hub.requests.stream().allMatch(FakeHub.Request::isFromHub));
    }

    @Test
    void aWebPageInsteadOfAFileIsRefusedAndNotKept() throws IOException {
        String config = "/org/model/resolve/main/config.json";
        hub.files.put(config, "<html>log in</html>".getBytes(StandardCharsets.UTF_8));
        assertRefused("org/model", "no JSON");
        hub.files.put(config, CONFIG);
        hub.types.put(config, "text/html; charset=utf-8");
        assertRefused("org/model", "web page");
        hub.types.clear();
        assertTrue(Files.exists(resolve("org/model").location().resolve("config.json")));
    }

    @Test
    void checksumsHoldBehindAMirrorThatOnlyRedirects() throws IOException {
        String weights = "/org/model/resolve/main/model.safetensors";
        hub.moved.put("/org/moved/resolve/main/model.safetensors", weights);
        put("org/moved", "main", "config.json", "tokenizer.json");
        hub.checksums.put(weights, "0".repeat(64));
        assertRefused("org/moved", "checksum");
        hub.checksums.clear();
        assertArrayEquals(WEIGHTS, Files.readAllBytes(resolve("org/moved").location().resolve("model.safetensors")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mailto:x", "ftp://127.0.0.1/x", "http://[no address|"})
    void redirectionsToNowhereAreRefused(String location) {
        hub.moved.put("/org/model/resolve/main/config.json", location);
        assertRefused("org/model", "no address");
    }

    @Test
    void whatTheStorageLacksIsNoMissingFile() {
        hub.mishaps.add(Mishap.GONE);
        assertRefused("org/model", "404");
    }

    @Test
    void wrongChecksumLeavesNothingBehind() throws IOException {
        hub.checksums.put("/org/model/resolve/main/model.safetensors", "0".repeat(64));
        assertRefused("org/model", "checksum");
        try (Stream<Path> left = Files.walk(home)) {
            assertFalse(left.anyMatch(path -> path.getFileName().toString().startsWith("model.safetensors")));
        }
    }

    @Test
    void gatedAndUnknownModelsAreNamed() {
        hub.refusals.put("/org/gated/resolve/main/config.json", 401);
        assertRefused("org/gated", "HF_TOKEN");
        assertRefused("org/unknown", "org/unknown");
        assertRefused("org/model@nowhere", "nowhere");
    }

    @Test
    void unreachableSaysWhatToDoAtOnce() {
        environment.put("HF_ENDPOINT", "http://127.0.0.1:1");
        assertRefused("org/model", "give --model a directory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../nowhere/x", "just-a-word", "org/model@../x", "org/model@a//b", "org/model@", "org/", "a/b/c",
            "weights.pt",
            "x/y.safetensors", "", "hf-hub:", "http://x/y", "a\nb"})
    void namesThatAreNoneAreRefusedWithoutARequest(String name) {
        assertRefused(name, "There is no such model");
        assertEquals(List.of(), hub.requests);
    }

    @Test
    void theTokenGoesToTheHubAloneAndIsNeverShown() throws IOException {
        Files.createDirectories(home.resolve("hf"));
        Files.writeString(home.resolve("hf/token"), "\uFEFFhf_secret\r\n");
        resolve("org/model");
        assertTrue(hub.requests.stream().allMatch(request -> request.token().equals(request.isFromHub() ? "Bearer hf_secret" : "")));
        assertTrue(hub.requests.stream().anyMatch(request -> !request.isFromHub()));
        environment.put("HF_TOKEN", "hf_other");
        assertEquals(List.of("hf_other"), options().secrets());
        assertFalse(options().toString().contains("hf_other"));
        environment.put("HF_TOKEN", "two words");
        assertRefused("org/model", "one word");
    }

    @Test
    void goesThroughTheProxy() throws IOException {
        try (FakeHub proxy = new FakeHub()) {
            environment.put("HF_ENDPOINT", "http://hub.invalid");
            environment.put("HTTP_PROXY", "http://me:geheim@127.0.0.1:" + proxy.address().getPort());
            assertRefused("org/model", "no such model");
            assertEquals("http://hub.invalid/org/model/resolve/main/config.json", proxy.requests.get(0).path());
            assertFalse(options().toString().contains("geheim"));
            assertEquals(List.of("me:geheim"), options().secrets());
            environment.put("NO_PROXY", "other, .invalid");
            proxy.requests.clear();
            assertRefused("org/model", "hub.invalid");
            assertEquals(List.of(), proxy.requests);
        }
    }

    @Test
    void theProxyOfHttpsIsToldTheUserWhenItAsks() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        try (ServerSocket proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread answering = new Thread(() -> refuseTunnels(proxy, asked));
            answering.start();
            environment.put("HF_ENDPOINT", "https://hub.invalid");
            environment.put("HTTPS_PROXY", "http://me:ge%3Aheim@127.0.0.1:" + proxy.getLocalPort());
            assertRefused("org/model", "407");
            proxy.close();
            answering.join();
        }
        String user = Base64.getEncoder().encodeToString("me:ge:heim".getBytes(StandardCharsets.UTF_8));
        assertFalse(asked.get(0).contains("uthorization"));
        assertTrue(asked.get(1).startsWith("CONNECT hub.invalid:443") && asked.get(1).contains("Basic " + user), asked.get(1));
    }

    private static void refuseTunnels(ServerSocket proxy, List<String> asked) {
        while (true) {
            try (Socket client = proxy.accept()) {
                StringBuilder request = new StringBuilder();
                while (request.indexOf("\r\n\r\n") < 0) {
                    request.append((char) client.getInputStream().read());
                }
                asked.add(request.toString());
                client.getOutputStream().write(("HTTP/1.1 407 Who?\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"
                        + "Content-Length: 0\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                return;
            }
        }
    }

    @Test
    void hostsWithAPortAreExceptedAtThatPortAlone() throws IOException {
        try (FakeHub proxy = new FakeHub()) {
            environment.put("HTTP_PROXY", proxy.address().toString());
            environment.put("NO_PROXY", "127.0.0.1:1");
            assertRefused("org/model", "no such model");
            assertFalse(proxy.requests.isEmpty());
            environment.put("NO_PROXY", "127.0.0.1:" + hub.address().getPort() + ",localhost");
            assertTrue(Files.exists(resolve("org/model").location()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HF_ENDPOINT", "HTTPS_PROXY"})
    void addressesThatAreNoneAreNamed(String variable) {
        environment.put(variable, "ftp://user:geheim@x y");
        ModelException e = assertThrows(ModelException.class, () -> resolve("org/model"));
        assertTrue(e.getMessage().contains(variable) && !e.getMessage().contains("geheim"), e.getMessage());
    }

    @Test
    void twoAtOnceDownloadOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<ModelFiles> download = () -> resolve("org/model");
            for (Future<ModelFiles> files : threads.invokeAll(List.of(download, download, download, download))) {
                assertTrue(Files.exists(files.get().location()));
            }
        } finally {
            threads.shutdownNow();
        }
        assertEquals(1, hub.requests.stream().filter(request -> !request.isFromHub()).count());
    }

    private void assertRefused(String model, String word) {
        ModelException e = assertThrows(ModelException.class, () -> resolve(model));
        assertTrue(e.getMessage().contains(word), e.getMessage());
        assertFalse(e.getMessage().contains("\n"), e.getMessage());
    }

    private void put(String repository, String revision, String... files) {
        for (String file : files) {
            hub.put(repository, revision, file, file.endsWith(".json") ? CONFIG : WEIGHTS);
        }
    }

    private ModelFiles resolve(String model) {
        return ModelSource.resolve(model, "", options());
    }

    private HubOptions options() {
        HubOptions options = HubOptions.of(environment, "", home.resolve("cache"));
        return new HubOptions(options.hub(), hub.address(), options.cache(), options.hubCache(), options.isOffline(), options.token(),
                options.proxies(), Duration.ofMillis(2));
    }
}
