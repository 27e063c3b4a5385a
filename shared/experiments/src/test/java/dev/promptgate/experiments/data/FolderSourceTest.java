package dev.promptgate.experiments.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.experiments.data.ExperimentImage.DataPart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FolderSourceTest {
    @TempDir
    private Path root;

    @Test
    void aFolderPerClassIsDividedByTheHashOfTheId() throws Exception {
        DataFiles.images(root.resolve("red apple"), 12);
        DataFiles.images(root.resolve("bus"), 12);
        ImageSet set = ImageSet.open(root, Optional.empty());
        assertEquals(List.of("bus", "red apple"), set.classes());
        assertEquals(root.getFileName().toString(), set.name());
        assertEquals(24, set.images().size());
        assertEquals(set.images().stream().map(image -> image.label() + "/").toList(),
                set.images().stream().map(image -> image.id().replaceFirst("[^/]*$", "")).toList());
        // python3 -c "import zlib; print([i for i in range(12) if zlib.crc32(b'bus/%d.jpg' % i) % 5 == 0])"
        assertEquals(List.of("bus/1.jpg", "bus/2.jpg", "bus/3.jpg", "bus/7.jpg"), DataFiles.parts(set).entrySet().stream()
                .filter(e -> e.getKey().startsWith("bus/") && e.getValue() == DataPart.TEST).map(Map.Entry::getKey).toList());
        assertEquals(List.of(), set.notes());
        assertArrayEquals(Files.readAllBytes(root.resolve(set.images().get(0).id())), set.images().get(0).bytes().read());
    }

    @Test
    void trainAndTestFoldersDivideAndValIsLeftOut() throws Exception {
        for (String label : List.of("bus", "train")) { // a class may well be called train
            DataFiles.images(root.resolve("train").resolve(label), 2);
            DataFiles.images(root.resolve("Test").resolve(label), 1);
            DataFiles.images(root.resolve("val").resolve(label), 1);
            DataFiles.images(root.resolve("more").resolve(label), 1);
        }
        ImageSet set = ImageSet.open(root, Optional.empty());
        assertEquals(List.of("bus", "train"), set.classes());
        assertTrue(set.divided());
        assertEquals(Map.of("train/bus/0.jpg", DataPart.TRAIN, "train/bus/1.jpg", DataPart.TRAIN, "Test/bus/0.jpg", DataPart.TEST,
                "train/train/0.jpg", DataPart.TRAIN, "train/train/1.jpg", DataPart.TRAIN, "Test/train/0.jpg", DataPart.TEST),
                DataFiles.parts(set));
        assertEquals(2, set.notes().size());
        assertTrue(set.notes().get(0).contains("folder: more/"), set.notes().get(0));
        assertTrue(set.notes().get(1).contains("images: 2"), set.notes().get(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"val", "valid", "validation", "dev"})
    void validationStandsForTestWhereThereIsNone(String name) throws Exception {
        DataFiles.images(root.resolve("train/bus"), 2);
        DataFiles.images(root.resolve(name).resolve("bus"), 1);
        assertEquals(Map.of("train/bus/0.jpg", DataPart.TRAIN, "train/bus/1.jpg", DataPart.TRAIN, name + "/bus/0.jpg", DataPart.TEST),
                DataFiles.parts(ImageSet.read(root, Optional.empty())));
    }

    @Test
    void aClassThatIsCalledTrainIsAClass() throws Exception {
        DataFiles.images(root.resolve("train"), 3);
        DataFiles.images(root.resolve("test"), 3);
        assertEquals(List.of("test", "train"), ImageSet.open(root, Optional.empty()).classes());
    }

    @Test
    void aDivisionWithoutTestFolderIsRefused() {
        DataFiles.images(root.resolve("train/bus"), 2);
        assertTrue(DataFiles.refusal(root, null).contains("missing: test/"));
    }

    @Test
    void otherFilesAreLeftOutAndCounted() throws Exception {
        DataFiles.images(root.resolve("bus"), 5);
        DataFiles.images(root.resolve("cat"), 5);
        Files.writeString(root.resolve("bus/.DS_Store"), "x");
        Files.writeString(root.resolve("README.jpg"), "x");
        ImageSet set = ImageSet.open(root, Optional.empty());
        assertEquals(10, set.images().size());
        assertTrue(set.notes().get(0).contains("hidden: 1: bus/.DS_Store, in no class's folder: 1: README.jpg]"), set.notes().toString());
    }

    @Test
    void hiddenFoldersAreNoClasses() throws Exception {
        for (String name : List.of("bus", "cat", ".ipynb_checkpoints", "__MACOSX/bus")) {
            DataFiles.images(root.resolve(name), 5);
        }
        Files.copy(root.resolve("bus/0.jpg"), root.resolve("bus/._0.jpg"));
        ImageSet set = ImageSet.open(root, Optional.empty());
        assertEquals(List.of("bus", "cat"), set.classes());
        assertEquals(10, set.images().size());
        assertTrue(set.notes().get(0).contains("hidden: 3: .ipynb_checkpoints, __MACOSX, bus/._0.jpg"), set.notes().toString());
        assertFalse(set.divided());
    }

    @Test
    void foldersThatWouldBeTheSamePromptAreNamed() throws Exception {
        for (String name : List.of("Elephant", "elephant", "red_apple", "red apple", "bus")) {
            DataFiles.images(root.resolve(name), 2);
        }
        Listing listing = Listing.read(root, Optional.empty());
        assertEquals(10, listing.images().size());
        assertEquals(Set.of("\"Elephant\", \"elephant\"", "\"red apple\", \"red_apple\""), listing.notes().stream()
                .map(note -> note.replaceFirst("^Classes would be the same prompt.*classes: (.*)]$", "$1")).collect(Collectors.toSet()));
    }

    @Test
    void linksAreFollowedOnce(@TempDir Path elsewhere) throws Exception {
        DataFiles.images(elsewhere.resolve("bus"), 5);
        DataFiles.images(root.resolve("cat"), 5);
        Files.createSymbolicLink(root.resolve("bus"), elsewhere.resolve("bus"));
        Files.createSymbolicLink(root.resolve("coach"), elsewhere.resolve("bus"));
        Files.createSymbolicLink(root.resolve("animal"), root.resolve("cat"));
        Files.createSymbolicLink(root.resolve("cat/up"), root.getParent());
        Files.createSymbolicLink(root.resolve("cat/5.jpg"), elsewhere.resolve("bus/0.jpg"));
        Files.createSymbolicLink(root.resolve("cat/6.jpg"), elsewhere.resolve("nowhere"));
        ImageSet set = ImageSet.open(Files.createSymbolicLink(elsewhere.resolve("photos"), root), Optional.empty());
        assertEquals(List.of("bus", "cat"), set.classes());
        assertEquals(11, set.images().size());
        assertTrue(set.notes().get(0).contains("read already: 3: animal, cat/up, coach, links that lead nowhere: 1: cat/6.jpg"),
                set.notes().toString());
    }

    @Test
    void namesWithoutAnEndingAreImagesByTheirFirstBytes() throws Exception {
        DataFiles.images(root.resolve("bus"), 2);
        DataFiles.image(root.resolve("bus/0a1b"), 0);
        Files.writeString(root.resolve("bus/LICENCE"), "x");
        ImageSet set = ImageSet.read(root, Optional.empty());
        assertEquals(Set.of("bus/0.jpg", "bus/1.jpg", "bus/0a1b"), DataFiles.parts(set).keySet());
    }

    @Test
    void aFolderWithoutImagesIsRefused() throws IOException {
        Files.createDirectory(root.resolve("bus"));
        assertTrue(DataFiles.refusal(root, null).startsWith("There are no images here"));
    }

    @Test
    void aClassWithOneImageIsRefused() {
        DataFiles.images(root.resolve("bus"), 5);
        DataFiles.images(root.resolve("cat"), 1);
        DataFiles.images(root.resolve("dog"), 1);
        String message = DataFiles.refusal(root, null);
        assertTrue(message.startsWith("Classes have one image only") && message.contains("classes: 2: cat, dog]"), message);
    }

    @Test
    void aClassWithoutTestImagesIsRefused() {
        DataFiles.images(root.resolve("train/bus"), 2);
        DataFiles.images(root.resolve("train/cat"), 2);
        DataFiles.images(root.resolve("test/bus"), 2);
        String message = DataFiles.refusal(root, null);
        assertTrue(message.startsWith("Classes have no test images") && message.contains("classes: 1: cat]"), message);
    }

    @Test
    void aClassWithoutTrainingImagesIsRefused() {
        DataFiles.images(root.resolve("train/bus"), 2);
        DataFiles.images(root.resolve("test/bus"), 2);
        DataFiles.images(root.resolve("test/cat"), 2);
        String message = DataFiles.refusal(root, null);
        assertTrue(message.startsWith("Classes have no training images") && message.contains("classes: 1: cat]"), message);
    }

    @Test
    void oneClassIsRefused() {
        DataFiles.images(root.resolve("bus"), 5);
        assertTrue(DataFiles.refusal(root, null).startsWith("There is one class only"));
    }

    @Test
    void nothingAtThePathIsRefused() {
        assertTrue(DataFiles.refusal(root.resolve("nowhere"), null).startsWith("There is no data here"));
        assertTrue(DataFiles.refusal(root, root.resolve("nowhere")).startsWith("There is no folder of images here"));
        assertTrue(DataFiles.refusal(root, root).startsWith("An image folder goes with"));
    }

    @Test
    void theSampleHasTheStreamsHeldOutImagesAsTestImages() throws IOException {
        ImageSet set = ImageSet.sample();
        assertEquals(120, set.classes().size());
        assertEquals(set.classes().stream().sorted().toList(), set.classes());
        for (String name : set.classes()) {
            assertEquals(16, set.images().stream().filter(image -> image.label().equals(name) && image.part() == DataPart.TRAIN).count());
            assertEquals(16, set.images().stream().filter(image -> image.label().equals(name) && image.part() == DataPart.TEST).count());
        }
        assertEquals(3840, DataFiles.parts(set).size());
        assertTrue(set.images().get(7).bytes().read().length > 100);
    }
}
