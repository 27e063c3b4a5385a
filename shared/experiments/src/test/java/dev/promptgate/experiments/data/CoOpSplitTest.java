package dev.promptgate.experiments.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.experiments.data.ExperimentImage.DataPart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CoOpSplitTest {
    private static final String TRAIN = "[\"z/0.jpg\", 0, \"zebra\"], [\"a/0.jpg\", 1, \"ant\"]";
    private static final String TEST = "[\"z/1.jpg\", 0, \"zebra\"], [\"a/1.jpg\", 1, \"ant\"]";

    @TempDir
    private Path root;

    @BeforeEach
    void images() {
        DataFiles.images(root.resolve("101_ObjectCategories/z"), 2);
        DataFiles.images(root.resolve("101_ObjectCategories/a"), 2);
    }

    @Test
    void classesAreInTheOrderOfTheirLabelIndices() throws Exception {
        ImageSet set = ImageSet.open(write(TRAIN, "[\"z/9.jpg\", 0, \"zebra\"]", TEST), Optional.empty());
        assertEquals("Caltech101", set.name());
        assertEquals(List.of("zebra", "ant"), set.classes());
        assertEquals(Map.of("z/0.jpg", DataPart.TRAIN, "a/0.jpg", DataPart.TRAIN, "z/1.jpg", DataPart.TEST, "a/1.jpg", DataPart.TEST),
                DataFiles.parts(set));
        assertTrue(set.notes().get(0).startsWith("Validation images are left out") && set.notes().get(0).contains("images: 1"),
                set.notes().toString());
        assertEquals(Files.size(root.resolve("101_ObjectCategories/z/0.jpg")), set.images().get(0).bytes().read().length);
    }

    @Test
    void ofSeveralFoldersTheOneWithTheFirstImageIsTaken() throws Exception {
        DataFiles.images(root.resolve("annotations"), 2);
        assertEquals(4, ImageSet.open(write(TRAIN, "", TEST), Optional.empty()).images().size());
    }

    @Test
    void pathsMayStartFromTheSplitFilesOwnFolder() throws Exception {
        String prefix = "\"101_ObjectCategories/";
        Path file = write(TRAIN.replace("[\"", "[" + prefix), "", TEST.replace("[\"", "[" + prefix));
        Files.createDirectory(root.resolve("devkit"));
        assertEquals(4, ImageSet.open(file, Optional.empty()).images().size());
    }

    @Test
    void anExplicitFolderWins(@TempDir Path elsewhere) throws Exception {
        DataFiles.images(elsewhere.resolve("z"), 2);
        String message = DataFiles.refusal(write(TRAIN, "", TEST), elsewhere);
        assertTrue(message.contains("files: 2: " + elsewhere.resolve("a/0.jpg")), message);
    }

    @Test
    void unclearFoldersAreNamed() throws IOException {
        Files.createDirectory(root.resolve("labels"));
        String message = DataFiles.refusal(write("[\"x.jpg\", 0, \"zebra\"]", "", TEST), null);
        assertTrue(message.contains("is not clear") && message.contains("candidates: 2: 101_ObjectCategories/, labels/]"), message);
    }

    @Test
    void noFolderAtAllIsRefused(@TempDir Path empty) throws IOException {
        Path file = Files.copy(write(TRAIN, "", TEST), empty.resolve("split_zhou_X.json"));
        assertTrue(DataFiles.refusal(file, null).contains("candidates: none]"));
    }

    @Test
    void missingFilesAreNamedAndCounted() throws IOException {
        String message = DataFiles.refusal(write(TRAIN + ", [\"z/7.jpg\", 0, \"zebra\"], [\"z/8.jpg\", 0, \"zebra\"]", "", TEST), null);
        assertTrue(message.startsWith("Listed images are missing") && message.contains("files: 2: "), message);
    }

    @Test
    void aLabelWithValidationImagesOnlyIsRefused() throws IOException {
        String message = DataFiles.refusal(write(TRAIN, "[\"b/0.jpg\", 2, \"bee\"]", TEST), null);
        assertTrue(message.startsWith("Classes have no images") && message.contains("classes: 1: bee]"), message);
    }

    @Test
    void anImageInBothListsIsRefused() throws IOException {
        String message = DataFiles.refusal(write(TRAIN, "", TEST + ", [\"z/0.jpg\", 0, \"zebra\"]"), null);
        assertTrue(message.startsWith("Two images have the same id") && message.contains("z/0.jpg"), message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "[\"z/0.jpg\", 0, \"zebra\"], [\"a/0.jpg\", 2, \"ant\"] | A label index has no images; label indices run from 0 without a gap [file: {}, index: 1]",
            "[\"z/0.jpg\", 0, \"zebra\"], [\"a/0.jpg\", 0, \"ant\"] | A label index has two class names; the split file is damaged [file: {}, entry: train[1], index: 0, names: zebra and ant]",
            "[\"z/0.jpg\", 0, \"zebra\"], [\"a/0.jpg\", 1, \"zebra\"] | A class name has two label indices; the split file is damaged [file: {}, entry: train[1], name: zebra, indices: 0 and 1]",
            "[\"z/0.jpg\", 0] | must be [path, label index, class name] [file: {}, entry: train[0]]",
            "[\"z/0.jpg\", -1, \"zebra\"] | must be [path, label index, class name] [file: {}, entry: train[0]]",
            "[\"z/0.jpg\", 0.5, \"zebra\"] | must be [path, label index, class name] [file: {}, entry: train[0]]",
            "[\"z/0.jpg\", 0, \" \"] | must be [path, label index, class name] [file: {}, entry: train[0]]",
            "[\"z\\u0000/0.jpg\", 0, \"zebra\"] | names an impossible file [file: {}, entry: train[0]]",
            "7 | must be [path, label index, class name] [file: {}, entry: train[0]]"})
    void wrongEntriesAreRefused(String train, String expected) throws IOException {
        Path file = write(train, "", "");
        String message = DataFiles.refusal(file, null);
        assertTrue(message.contains(expected.replace("{}", file.toString())), message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{\"train\": [], \"test\": [ | not whole JSON; fetch it again [file: {}, line: 1",
            "{\"train\": [],\\n oops} | not whole JSON; fetch it again [file: {}, line: 2",
            "`` | holds an object with the lists train and test",
            "[] | holds an object with the lists train and test",
            "{\"train\": []} | holds an object with the lists train and test",
            "{\"train\": [], \"test\": [], \"val\": 1} | val is a list",
            "{\"train\": [], \"test\": []} | There are no images here"})
    void whatIsNoSplitFileIsRefused(String json, String expected) throws IOException {
        Path file = Files.writeString(root.resolve("split_zhou_X.json"), json.replace("\\n", "\n"));
        String message = DataFiles.refusal(file, null);
        assertTrue(message.contains(expected.replace("{}", file.toString())), message);
    }

    private Path write(String train, String val, String test) throws IOException {
        return Files.writeString(root.resolve("split_zhou_Caltech101.json"),
                "{\"train\": [%s], \"val\": [%s], \"test\": [%s]}".formatted(train, val, test));
    }
}
