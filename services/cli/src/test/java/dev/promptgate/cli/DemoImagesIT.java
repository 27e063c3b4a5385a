package dev.promptgate.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.bundled.BundledModel;
import dev.promptgate.bundled.SampleStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** {@code promptgate demo} on a user's folder of classes and a user's model, to its table. */
class DemoImagesIT {
    @TempDir
    private Path directory;

    @Test
    void aFolderAndAModelArePlayedToTheTable() throws Exception {
        Path photos = photos(6);
        byte[] image = SampleStream.bytes(SampleStream.entries().get(0));
        Path first = photos.resolve(SampleStream.entries().get(0).label());
        Files.write(first.resolve("cut.jpg"), Arrays.copyOf(image, 400));
        Files.write(first.resolve("huge.jpg"), Arrays.copyOf(image, 70_000));
        Path model = BundledModel.extractTo(directory.resolve("my-clip"));
        Output output = demo("--images", photos.toString(), "--model", model.toString(), "--set", "images.max-bytes=65536", "--set",
                "evaluator.min-images=20", "--set", "learner.steps=20");
        assertEquals(0, output.exitCode(), output.err() + output.out());
        String out = output.out();
        assertTrue(out.contains("photos: 4 classes in 2 waves, 2 probe classes that are never trained, 194 images"), out);
        assertFalse(out.contains("The gate gives no verdict"), out);
        assertTrue(out.contains("an image takes ") && out.contains(" ms here, so encoding will take about "), out);
        String id = first.getFileName().toString();
        assertEquals(1, count(out, "skipped, larger than images.max-bytes [image: " + id + "/huge.jpg]"), out);
        assertTrue(out.lines().anyMatch(line -> line.contains("rejected, ") && line.endsWith("[image: " + id + "/cut.jpg]")), out);
        assertTrue(out.contains("candidate 1 against live 0: "), out);
        assertTrue(out.contains("\ndata         " + photos + "\nmodel        " + model + "\naccuracy "), out);
        assertTrue(out.contains("193 in = 192 features + 1 rejected; 1 skipped"), out);
        JsonNode summary = summary();
        assertEquals(photos.toString(), summary.path("data").asText());
        assertEquals(model.toString(), summary.path("model").asText());
        assertEquals(List.of(193, 192, 1, 1),
                List.of("images", "features", "rejected", "skipped").stream().map(key -> summary.path(key).asInt()).toList());
        assertEquals(2, summary.path("verdicts").size(), summary.toString());
        assertTrue(summary.path("zero_shot").path("seen").asDouble() > 0.25, "no better than chance: " + summary);
    }

    @Test
    void tooFewClassesAreToldBeforeAnythingStarts() throws Exception {
        Output output = demo("--images", photos(4).toString());
        assertEquals(1, output.exitCode());
        assertEquals("", output.out());
        assertTrue(output.err().startsWith("promptgate: The demo needs at least 5 classes"), output.err());
        assertEquals(1, output.err().lines().count(), output.err());
    }

    @Test
    @EnabledIfSystemProperty(named = "test.long", matches = "true", disabledReason = "a broker more: with -Pchaos")
    void imagesOfWhichNoneCanBeUsedAreOneLine() throws Exception {
        for (String label : List.of("a", "b", "c", "d", "e")) {
            for (int i = 0; i < 10; i++) {
                Files.writeString(Files.createDirectories(directory.resolve("photos").resolve(label)).resolve(i + ".jpg"), "no image");
            }
        }
        Output output = demo("--images", directory.resolve("photos").toString());
        assertEquals(1, output.exitCode());
        assertEquals(1, output.err().lines().count(), output.err());
        assertTrue(output.err().startsWith("promptgate: None of the first images can be used [pushed: 40, rejected: 40"), output.err());
        assertEquals(40, count(output.out(), "rejected, "), output.out());
    }

    @Test
    @EnabledIfSystemProperty(named = "test.long", matches = "true", disabledReason = "a whole demo: with -Pchaos")
    void aFolderAsLargeAsTheSampleStreamIsPlayedWhole() throws Exception {
        Output output = demo("--images", photos(120).toString());
        assertEquals(0, output.exitCode(), output.err() + output.out());
        assertTrue(output.out().contains("photos: 100 classes in 6 waves, 20 probe classes that are never trained, 2880 images"),
                output.out());
        assertEquals(2880, summary().path("features").asInt());
        assertTrue(summary().path("verdicts").size() >= 6, output.out());
    }

    /** A folder for each of the first classes of the sample stream, 32 images in each. */
    private Path photos(int classes) throws IOException {
        Path photos = directory.resolve("photos");
        List<String> labels = SampleStream.entries().stream().map(SampleStream.Entry::label).distinct().limit(classes).toList();
        for (SampleStream.Entry entry : SampleStream.entries()) {
            if (labels.contains(entry.label())) {
                Path folder = Files.createDirectories(photos.resolve(entry.label()));
                Files.write(folder.resolve(entry.split() + "-" + Path.of(entry.file()).getFileName()), SampleStream.bytes(entry));
            }
        }
        return photos;
    }

    private Output demo(String... options) {
        List<String> all = new ArrayList<>(List.of("demo", "--set", "model.cache-directory=" + directory.resolve("cache"), "--summary",
                directory.resolve("demo.json").toString()));
        all.addAll(List.of(options));
        return Output.of(all.toArray(String[]::new));
    }

    private JsonNode summary() throws IOException {
        return new ObjectMapper().readTree(directory.resolve("demo.json").toFile());
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }
}
