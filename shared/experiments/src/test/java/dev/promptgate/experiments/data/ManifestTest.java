package dev.promptgate.experiments.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.experiments.data.ExperimentImage.DataPart;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {
    private static final String FOUR = "0.jpg\tbus\ttrain\n1.jpg\tbus\theld-out\n2.jpg\tcat\ttrain\n3.jpg\tcat\ttest\n";

    @TempDir
    private Path root;

    @Test
    void tabSeparatedWithFilesInTheImagesFolder() throws Exception {
        DataFiles.images(root.resolve("images"), 5);
        Path manifest = write("photos.tsv", "file\tlabel\tsplit\n" + FOUR + "4.jpg\tcat\tval\n");
        ImageSet set = ImageSet.open(manifest, Optional.empty());
        assertEquals("photos", set.name());
        assertEquals(List.of("bus", "cat"), set.classes());
        assertEquals(Map.of("0.jpg", DataPart.TRAIN, "1.jpg", DataPart.TEST, "2.jpg", DataPart.TRAIN, "3.jpg", DataPart.TEST),
                DataFiles.parts(set));
        assertTrue(set.notes().get(0).contains("images: 1"), set.notes().toString());
    }

    @Test
    void commaSeparatedWithQuotesIdsAndColumnsInAnyOrder() throws Exception {
        DataFiles.images(root.resolve("a, b"), 4);
        Path manifest = write("photos.csv",
                "\uFEFFLabel, id ,FILE,licence\n\"crab, blue\",w,\"a, b/0.jpg\",x\n\"crab, blue\",x,\"a, b/1.jpg\",x\n\n"
                        + "bus,y,\"a, b/2.jpg\",x\nbus,z,\"a, b/3.jpg\",x\n");
        ImageSet set = ImageSet.open(manifest, Optional.empty());
        assertEquals(List.of("bus", "crab, blue"), set.classes());
        assertEquals(List.of("w", "x", "y", "z"), List.copyOf(DataFiles.parts(set).keySet()));
        assertEquals(Files.size(root.resolve("a, b/0.jpg")), set.images().get(0).bytes().read().length);
    }

    @Test
    void quotesInTabSeparatedFilesAreThemselves() throws Exception {
        DataFiles.images(root, 4);
        Path manifest = write("photos.tsv", "file\tlabel\n0.jpg\t12\" record\n1.jpg\t12\" record\n2.jpg\tbus\n3.jpg\tbus\n");
        assertEquals(List.of("12\" record", "bus"), ImageSet.open(manifest, Optional.empty()).classes());
    }

    @Test
    void theImageFolderCanBeElsewhere(@TempDir Path elsewhere) throws Exception {
        DataFiles.images(elsewhere, 4);
        Path manifest = write("photos.tsv", "file\tlabel\tsplit\n" + FOUR);
        assertEquals(4, ImageSet.open(manifest, Optional.of(elsewhere)).images().size());
    }

    @Test
    void missingFilesAreNamedAndCounted() throws IOException {
        DataFiles.images(root, 2);
        String message = DataFiles.refusal(write("photos.tsv", "file\tlabel\tsplit\n" + FOUR), null);
        assertTrue(message.startsWith("Listed images are missing") && message.contains("files: 2: " + root.resolve("2.jpg")), message);
    }

    @Test
    void anIdThatIsListedTwiceIsRefused() throws IOException {
        DataFiles.images(root, 4);
        String message = DataFiles.refusal(write("photos.tsv", "file\tlabel\tsplit\n" + FOUR + "0.jpg\tcat\ttest\n"), null);
        assertTrue(message.startsWith("Two images have the same id") && message.contains("ids: 1: 0.jpg]"), message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "file\\tsplit\\n0.jpg\\ttrain\\n | must name the columns file and label",
            "'' | must name the columns file and label",
            "file\\tlabel\\n | There are no images here",
            "file\\tlabel\\n0.jpg\\t \\n | no label [line: {}:2]",
            "file\\tlabel\\n\\tcat\\n | no file [line: {}:2]",
            "file\\tlabel\\n0.jpg\\n | no label [line: {}:2]",
            "file\\tlabel\\tsplit\\n0.jpg\\tcat\\ttrain\\n1.jpg\\tcat\\tTrian\\n | A split must be train, held-out (or test), val or probe [line: {}:3, split: Trian]",
            "file\\tlabel\\tsplit\\n0.jpg\\tcat\\tprobe\\n | not a probe [data: {}, ids: 1: 0.jpg]",
            "file\\tfile\\tlabel\\n0.jpg\\t0.jpg\\tcat\\n | cannot be read as a table",
            "file,label\\n\"0.jpg,cat\\n | cannot be read as a table"})
    void whatIsNoManifestIsRefused(String text, String expected) throws IOException {
        DataFiles.images(root, 2);
        Path manifest = write("photos.tsv", text.replace("\\t", "\t").replace("\\n", "\n"));
        String message = DataFiles.refusal(manifest, null);
        assertTrue(message.contains(expected.replace("{}", manifest.toString())), message);
    }

    /** What Excel, pandas, Notepad and old Macs make of one table. */
    @ParameterizedTest
    @ValueSource(strings = {"file,label\n%s", "\uFEFFfile,label\n%s", "file;label\r\n%s", "sep=;\r\nfile;label\r\n%s",
            "\"File\"\t\"Label\"\n%s", "file\tlabel\r%s", "file, label\n%s"})
    void tablesAreSeparatedAndQuotedInManyWays(String form) throws Exception {
        DataFiles.images(root.resolve("a"), 4);
        String separator = form.contains("\t") ? "\t" : form.contains(";") ? ";" : form.contains(", ") ? ", " : ",";
        String line = form.endsWith("\r\n%s") ? "\r\n" : form.endsWith("\r%s") ? "\r" : "\n";
        String rows = Stream
                .of("a/0.jpg|\"Dog, big\"", "\"a/1.jpg\"|\"Dog, big\"", "a\\2.jpg|\"say \"\"hi\"\"\"", "a/3.jpg|\"say \"\"hi\"\"\"")
                .map(row -> row.replace("|", separator) + line).collect(Collectors.joining());
        for (Charset encoding : List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16, StandardCharsets.UTF_16LE)) {
            ImageSet set = ImageSet.open(Files.write(root.resolve("m.csv"), form.formatted(rows).getBytes(encoding)), Optional.empty());
            assertEquals(List.of("Dog, big", "say \"hi\""), set.classes());
            assertEquals(Set.of("a/0.jpg", "a/1.jpg", "a/2.jpg", "a/3.jpg"), DataFiles.parts(set).keySet());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "caf\u00E9 | ISO-8859-1 | looks like Latin-1 or Windows-1252; save it as UTF-8 text [file: {}, line: 3]",
            "\u5927\u8C61 | GBK | is neither UTF-8 nor UTF-16; save it as UTF-8 text [file: {}, line: 3]",
            "bus | UTF-32 | is no text", "b\u0000s | UTF-8 | is no text; save it as UTF-8 text [file: {}, line: 3]",
            "caf\uFFFD | UTF-8 | Characters of an id or a label were lost (U+FFFD)"})
    void whatIsInAnotherEncodingIsRefusedByWhatItLooksLike(String label, String encoding, String expected) throws IOException {
        DataFiles.images(root, 2);
        Path manifest = Files.write(root.resolve("m.csv"),
                "file,label\n0.jpg,bus\n1.jpg,%s\n".formatted(label).getBytes(Charset.forName(encoding)));
        String message = DataFiles.refusal(manifest, null);
        assertTrue(message.contains(expected.replace("{}", manifest.toString())), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"C:\\photos\\0.jpg", "d:/0.jpg", "\\\\server\\photos\\0.jpg"})
    void filesOnADriveOfWindowsAreRefused(String file) throws IOException {
        String message = DataFiles.refusal(write("m.csv", "file,label\n" + file + ",bus\n"), null);
        assertTrue(message.contains("on a drive of Windows") && message.contains(root + "/m.csv:2"), message);
    }

    @Test
    void validationImagesStandForTestImagesWhereThereAreNone() throws Exception {
        DataFiles.images(root, 4);
        ImageSet set = ImageSet.open(write("m.csv", "file,label,split\n0.jpg,bus,Train\n1.jpg,bus,valid\n2.jpg,cat,train\n3.jpg,cat,val\n"),
                Optional.empty());
        assertEquals(Map.of("0.jpg", DataPart.TRAIN, "1.jpg", DataPart.TEST, "2.jpg", DataPart.TRAIN, "3.jpg", DataPart.TEST),
                DataFiles.parts(set));
        assertTrue(set.notes().get(0).startsWith("Validation images are held out"), set.notes().toString());
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(root.resolve(name), text);
    }
}
