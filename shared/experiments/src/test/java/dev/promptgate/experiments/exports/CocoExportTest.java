package dev.promptgate.experiments.exports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.promptgate.experiments.data.ImageFile;
import dev.promptgate.experiments.data.ImageLocation;
import dev.promptgate.experiments.data.ListedImage;
import dev.promptgate.experiments.data.ListedImage.ListedSplit;
import java.io.IOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CocoExportTest {
    private static final String ONE = "{\"images\":[{\"id\":1,\"file_name\":\"%s\"}],\"annotations\":[{\"image_id\":1,\"category_id\":1}],"
            + "\"categories\":[{\"id\":1,\"name\":\"%s\"}]}";

    @TempDir
    private Path root;

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16", "UTF-16LE"})
    void anImageWithOneCategoryHasItsNameAndOthersAreCounted(String encoding) throws Exception {
        ExportFiles.images(root.resolve("images"), "a/1.jpg", "2.jpg", "3.jpg", "4.jpg");
        byte[] bytes = ((encoding.equals("UTF-16") ? "" : "\uFEFF") + ExportFiles.COCO).getBytes(Charset.forName(encoding));
        Export export = ExportFormat.COCO.read(Files.write(root.resolve("shop.json"), bytes), Optional.empty());
        assertEquals(Map.of("a/1.jpg", "red apple", "2.jpg", "Dog"), ExportFiles.labels(export));
        assertEquals(List.of("An image needs one label, and the rest is left out [data: %s, no label: 1: 4.jpg, several labels: 1: 3.jpg"
                .formatted(root.resolve("shop.json")) + " (Dog, red apple)]"), export.listing().notes());
        assertEquals(List.of(), export.skipped());
        assertTrue(export.listing().images().stream().allMatch(image -> image.location().exists()));
    }

    /** The layout in which COCO itself is distributed. */
    @Test
    void theNameOfAnInstancesFileSaysTheSplitAndTheFolder() throws Exception {
        ExportFiles.images(root.resolve("train2017"), "1.jpg");
        ExportFiles.images(root.resolve("images/val2017"), "1.jpg");
        Files.createDirectories(root.resolve("annotations"));
        ListedImage train = only(Files.writeString(root.resolve("annotations/instances_train2017.json"), ONE.formatted("1.jpg", "Dog")));
        assertEquals(Optional.of(ListedSplit.TRAIN), train.split());
        assertEquals(new ImageFile(root.resolve("train2017/1.jpg")), train.location());
        ListedImage val = only(Files.writeString(root.resolve("annotations/instances_val2017.json"), ONE.formatted("1.jpg", "Dog")));
        assertEquals(Optional.of(ListedSplit.HELD_OUT), val.split());
        assertEquals(new ImageFile(root.resolve("images/val2017/1.jpg")), val.location());
        assertEquals(Optional.empty(),
                only(Files.writeString(root.resolve("annotations/instances_default.json"), ONE.formatted("1.jpg", "Dog"))).split());
    }

    @Test
    void namesMayHaveBackslashesAndPercentCodes() throws Exception {
        ExportFiles.images(root, "a/1.jpg", "größe 2.jpg");
        assertEquals(new ImageFile(root.resolve("a/1.jpg")), only(write(ONE.formatted("a\\\\1.jpg", "Dog"))).location());
        assertEquals("a/1.jpg", only(write(ONE.formatted("a\\\\1.jpg", "Dog"))).id());
        assertEquals(new ImageFile(root.resolve("größe 2.jpg")), only(write(ONE.formatted("gr%C3%B6%C3%9Fe%202.jpg", "Dog"))).location());
        assertEquals(new ImageFile(root.resolve("100%.jpg")), only(write(ONE.formatted("100%.jpg", "Dog"))).location());
    }

    @ParameterizedTest
    @ValueSource(strings = {"../secret.jpg", "a/../../secret.jpg", "..\\\\secret.jpg", "%2e%2e/secret.jpg", "/etc/passwd", "C:\\\\1.jpg",
            "\\\\\\\\server\\\\1.jpg", "1\\u0000.jpg", "."})
    void namesThatLeadOutOfTheFolderAreSkipped(String name) throws Exception {
        ExportFiles.images(root, "secret.jpg", "in/2.jpg");
        Path file = Files.writeString(root.resolve("in/c.json"), ONE.formatted(name, "Dog").replace("\"images\":[",
                "\"images\":[{\"id\":2,\"file_name\":\"2.jpg\"},").replace("\"annotations\":[",
                        "\"annotations\":[{\"image_id\":2,\"category_id\":1},"));
        Export export = ExportFormat.COCO.read(file, Optional.empty());
        assertEquals(List.of(new ImageFile(root.resolve("in/2.jpg"))),
                export.listing().images().stream().map(ListedImage::location).filter(ImageLocation::exists).toList());
        assertEquals(2, export.listing().images().size() + export.skipped().size());
    }

    @Test
    void whyANameIsSkippedIsSaid() throws Exception {
        Path file = write(ONE.formatted("../1.jpg", "Dog"));
        assertTrue(ExportFiles.refusal(ExportFormat.COCO, file).contains("skipped: 1: ../1.jpg, since its name leads out of the folder of"
                + " images; give one that holds it as --image-root]"));
    }

    @Test
    void anImageRootTakesTheirPlace(@TempDir Path elsewhere) throws Exception {
        ExportFiles.images(root, "1.jpg");
        ExportFiles.images(elsewhere, "1.jpg");
        Export export = ExportFormat.COCO.read(write(ONE.formatted("1.jpg", "Dog")), Optional.of(elsewhere));
        assertEquals(new ImageFile(elsewhere.resolve("1.jpg")), export.listing().images().get(0).location());
        export = ExportFormat.COCO.read(write(ONE.formatted(elsewhere.resolve("1.jpg"), "Dog")), Optional.of(elsewhere));
        assertEquals(new ImageFile(elsewhere.resolve("1.jpg")), export.listing().images().get(0).location());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{\"images\":[] | not whole JSON; export it again [file: {}, line: 1",
            "[] | something else where an object must be; is this the format? [file: {}, at: , line: 1]",
            "{\"images\":[],\"categories\":[]} | has the lists images, annotations and categories; found: [categories, images]",
            "{\"images\":[{\"id\":1}],\"annotations\":[],\"categories\":[]} | An image has no file_name",
            "{\"images\":[{\"id\":{},\"file_name\":\"a\"}]} | text or a whole number must be [file: {}, at: /images/0/id, line: 1]",
            "{\"annotations\":[{\"image_id\":1,\"caption\":\"a dog\"}]} | An annotation has no category_id; export instances, not captions",
            "{\"categories\":[{\"id\":1,\"name\":\"a\"},{\"id\":1,\"name\":\"b\"}]} | Two categories have the same id",
            "{\"images\":[{\"id\":1,\"file_name\":\"a\"},{\"id\":1,\"file_name\":\"b\"}]} | Two images have the same id",
            "{\"images\":[],\"images\":[]} | Duplicate", "{\"images\":NaN} | not whole JSON",
            "{\"images\":[],\"annotations\":[],\"categories\":[]}} | not whole JSON",
            "{\"images\":[{\"id\":1,\"file_name\":\"a\"}],\"annotations\":[{\"image_id\":1,\"category_id\":9}],\"categories\":[]} | a category that the export does not list; export it again [file: {}, image: a, category id: 9]",
            "{\"images\":[{\"id\":1,\"file_name\":\"a\"}],\"annotations\":[],\"categories\":[]} | no images with one label and a file here; export the annotated ones [data: {}, no label: 1: a]"})
    void whatIsNoWholeExportIsRefusedWithThePlace(String text, String expected) throws IOException {
        Path file = write(text);
        String message = ExportFiles.refusal(ExportFormat.COCO, file);
        assertTrue(message.contains(expected.replace("{}", file.toString())), message);
    }

    @Test
    void aFileNameThatIsListedTwiceIsRefused() throws IOException {
        Path file = write("{\"images\":[{\"id\":1,\"file_name\":\"a\"},{\"id\":2,\"file_name\":\"a\"}],\"annotations\":[{\"image_id\":1,"
                + "\"category_id\":1},{\"image_id\":2,\"category_id\":1}],\"categories\":[{\"id\":1,\"name\":\"Dog\"}]}");
        assertTrue(ExportFiles.refusal(ExportFormat.COCO, file).startsWith("Two images have the same id"));
    }

    @Test
    void deepNestingAndOtherEncodingsAreRefused() throws IOException {
        assertTrue(ExportFiles.refusal(ExportFormat.COCO, write("{\"info\":" + "[".repeat(1_000_000))).contains("not whole JSON"));
        Path latin = Files.write(root.resolve("l.json"), ONE.formatted("1.jpg", "café").getBytes(StandardCharsets.ISO_8859_1));
        assertTrue(ExportFiles.refusal(ExportFormat.COCO, latin).contains("UTF-8"));
    }

    /** What the parser passes over takes no memory, not even for a moment. */
    @Test
    void memoryDoesNotGrowWithOutlines() throws Exception {
        ExportFiles.images(root, "1.jpg");
        Path file = root.resolve("large.json");
        String outline = "[" + "123.456789,".repeat(10_000) + "1]";
        try (Writer out = Files.newBufferedWriter(file)) {
            out.write("{\"annotations\":[");
            for (int i = 0; i < 300; i++) {
                out.write("{\"image_id\":1,\"category_id\":1,\"segmentation\":[" + outline + "]},");
            }
            out.write(ONE.formatted("1.jpg", "Dog").replaceFirst(".*\"annotations\":\\[", "").replaceFirst("]", "],\"images\":["
                    + "{\"id\":1,\"file_name\":\"1.jpg\"}]"));
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        assertEquals("Dog", only(file).label());
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(Files.size(file) > 30_000_000 && allocated < 8 << 20, "bytes allocated: " + allocated);
    }

    private ListedImage only(Path file) throws Exception {
        return ExportFormat.COCO.read(file, Optional.empty()).listing().images().get(0);
    }

    private Path write(String text) throws IOException {
        return Files.writeString(root.resolve("c.json"), text);
    }
}
