package dev.promptgate.clip.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.clip.GoldenLayout;
import dev.promptgate.clip.digest.Sha256;
import dev.promptgate.clip.hub.ModelName.OpenAiArchive;
import dev.promptgate.clip.hub.ModelName.Repository;
import dev.promptgate.testing.GoldenFolders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every name of a model that a page, a help text or a deployment of this repository gives is downloaded under that name from a hub on
 * loopback, in the layout that its publisher gave it, loaded, and gives open_clip's features.
 */
class NamedModelsTest {
    private static final Pattern NAME = Pattern.compile("\\bopenai/clip-[\\w-]+|\\bViT-[\\w/-]+:[\\w-]+|\\bViT-[A-Z]/\\d+(?:@\\d+px)?");
    private static final Pattern TEXTS = Pattern.compile(".*\\.(md|env|ya?ml)|.*/src/main/.*\\.java");

    @TempDir
    Path home;

    @TestFactory
    Stream<DynamicTest> namesThatAreGivenCanBeLoaded() throws IOException {
        TreeSet<String> names = names(GoldenFolders.committed("").resolve("../../..").normalize());
        assertTrue(names.containsAll(List.of("openai/clip-vit-base-patch16", "ViT-B-16:laion2b_s34b_b88k", "ViT-B/16")), names.toString());
        assertTrue(names.containsAll(ModelName.OPENAI.keySet()), names.toString());
        return names.stream().map(name -> DynamicTest.dynamicTest(name, () -> load(name)));
    }

    private static TreeSet<String> names(Path root) throws IOException {
        TreeSet<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.find(root, 20, (file, attributes) -> attributes.isRegularFile()
                && TEXTS.matcher(file.toString()).matches() && !root.relativize(file).toString().matches("(.*/)?(target|\\.git)/.*"))) {
            for (Path file : files.toList()) {
                NAME.matcher(Files.readString(file)).results().map(MatchResult::group).forEach(names::add);
            }
        }
        return names;
    }

    private void load(String name) throws IOException {
        try (FakeHub hub = new FakeHub()) {
            Map<String, OpenAiArchive> archives = new HashMap<>(ModelName.OPENAI);
            Path published = GoldenFolders.committed("layouts").resolve(publish(name, hub, archives));
            for (String file : List.of("vocab.json", "merges.txt")) {
                for (String repository : List.of("openai/clip-vit-base-patch32", name)) {
                    hub.put(repository, "main", file, "{}".getBytes(StandardCharsets.UTF_8));
                }
            }
            Path cache = home.resolve(Sha256.hex(name.getBytes(StandardCharsets.UTF_8)));
            HubOptions environment = HubOptions.of(Map.of("HF_ENDPOINT", hub.address().toString(), "HF_HOME", cache.toString()), "", cache);
            HubOptions options = new HubOptions(environment.hub(), hub.address(), cache, environment.hubCache(), false,
                    environment.token(), environment.proxies(), Duration.ofMillis(2));
            ModelFiles files = ModelSource.resolve(name, "", options, archives);
            GoldenLayout.check(files.location(), published.resolve("expected.safetensors"));
            assertEquals(!name.startsWith("openai/"), files.tokenizer().isPresent(), "whose layout has no vocabulary takes CLIP's");
            hub.requests.clear();
            assertEquals(files, ModelSource.resolve(name, "", options, archives));
            assertTrue(hub.requests.isEmpty(), "the second time nobody is asked");
        }
    }

    /** Puts a model on the hub in the layout that models of such names have, and returns the name of its folder. */
    private static String publish(String name, FakeHub hub, Map<String, OpenAiArchive> archives) throws IOException {
        Path layouts = GoldenFolders.committed("layouts");
        if (ModelName.parse(name, archives) instanceof Repository repository) {
            String folder = name.startsWith("openai/") ? "hugging-face-bin" : "open-clip-bin";
            try (Stream<Path> files = Files.list(layouts.resolve(folder))) {
                for (Path file : files.toList()) {
                    hub.put(repository.name(), repository.revision(), file.getFileName().toString(), Files.readAllBytes(file));
                }
            }
            return folder;
        }
        byte[] archive = Files.readAllBytes(layouts.resolve("openai-state-dict/model.pt"));
        OpenAiArchive known = new OpenAiArchive(ModelName.OPENAI.get(name).file(), Sha256.hex(archive));
        archives.put(name, known);
        hub.files.put("/%s/%s".formatted(known.sha256(), known.file()), archive);
        return "openai-state-dict";
    }
}
