package dev.promptgate.experiments.exports;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.experiments.data.DataFiles;
import dev.promptgate.experiments.data.ImageFile;
import dev.promptgate.experiments.data.ListedImage;
import dev.promptgate.experiments.data.ListedImage.ListedSplit;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CvatExportTest {
    @TempDir
    private Path root;

    @ParameterizedTest
    @ValueSource(strings = {"", "annotations.xml"})
    void tagsGoBeforeShapesAndImagesWithoutOneLabelAreCounted(String named) throws Exception {
        ExportFiles.images(root.resolve("images"), "a/1.jpg", "2.jpg", "3.jpg", "4.jpg");
        write(ExportFiles.CVAT);
        Export export = ExportFormat.CVAT.read(root.resolve(named), Optional.empty());
        assertEquals(Map.of("a/1.jpg", "red & green apple", "2.jpg", "Dog"), ExportFiles.labels(export));
        assertTrue(export.listing().notes().get(0).contains("no label: 1: 4.jpg, several labels: 1: 3.jpg (Cat, Dog)]"));
        assertEquals(List.of(new ImageFile(root.resolve("images/a/1.jpg")), new ImageFile(root.resolve("images/2.jpg"))),
                export.listing().images().stream().map(ListedImage::location).toList());
    }

    @Test
    void anArchiveIsReadInPlace() throws Exception {
        byte[] image = Files.readAllBytes(DataFiles.image(root.resolve("0.jpg"), 0));
        Path zip = zip(Map.of("annotations.xml", ExportFiles.CVAT.getBytes(StandardCharsets.UTF_8), "images/a/1.jpg", image,
                "images/2.jpg", image));
        try (Export export = ExportFormat.CVAT.read(zip, Optional.empty())) {
            assertEquals(Map.of("a/1.jpg", "red & green apple", "2.jpg", "Dog"), ExportFiles.labels(export));
            assertEquals("task", export.listing().name());
            assertArrayEquals(image, export.listing().images().get(0).location().start(Integer.MAX_VALUE));
        }
    }

    /** An export of a project: names repeat between subsets, and files lie in a folder of each. */
    @Test
    void subsetsDivideTheImages() throws Exception {
        ExportFiles.images(root.resolve("images"), "Train/1.jpg", "Test/1.jpg", "default/1.jpg");
        String image = "<image id='0' name='1.jpg' subset='%s' task_id='1' width='1' height='1'><tag label='Dog'/></image>";
        write("<annotations>" + image.formatted("Train") + image.formatted("Test") + image.formatted("default") + "</annotations>");
        Map<String, ListedImage> images = ExportFormat.CVAT.read(root, Optional.empty()).listing().images().stream()
                .collect(Collectors.toMap(ListedImage::id, found -> found));
        assertEquals(Optional.of(ListedSplit.TRAIN), images.get("Train/1.jpg").split());
        assertEquals(Optional.of(ListedSplit.HELD_OUT), images.get("Test/1.jpg").split());
        assertEquals(Optional.empty(), images.get("default/1.jpg").split());
        assertEquals(new ImageFile(root.resolve("images/Test/1.jpg")), images.get("Test/1.jpg").location());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "<annotations><image id='0' name='1.jpg'> | not whole XML; export it again [file: {}, line: 1, column: ",
            "<coco/> | begins with the element annotations; is this the format? [file: {}, line: 1, column: 8]",
            "<annotations><track id='0' label='Dog'/></annotations> | an export for videos; export as \"CVAT for images 1.1\"",
            "<annotations><image id='0'/></annotations> | An element of the export has no name; export it again [element: image]",
            "<annotations><image name='1.jpg'><tag label=''/></image></annotations> | has no label; export it again [element: tag]",
            "<annotations/> | There are no images with one label and a file here",
            "<annotations><image name='1.jpg'><tag label='&dog;'/></image></annotations> | not whole XML",
            "<!DOCTYPE annotations><annotations/> | A document type is not taken from an export; remove it [file: {}, line: 1",
            "<!DOCTYPE a [<!ENTITY d SYSTEM 'file:///etc/passwd'>]><annotations><image name='&d;'/></annotations> | A document type is",
            "<!DOCTYPE a SYSTEM 'http://127.0.0.1:1/a.dtd'><annotations/> | A document type is",
            "'' | not whole XML", "{} | not whole XML"})
    void whatIsNoWholeExportIsRefusedWithThePlace(String text, String expected) throws IOException {
        Path file = write(text);
        String message = ExportFiles.refusal(ExportFormat.CVAT, file);
        assertTrue(message.contains(expected.replace("{}", file.toString())), message);
    }

    @Test
    void textIsUtf8() throws Exception {
        ExportFiles.images(root, "1.jpg");
        String text = "<annotations><image name='1.jpg'><tag label='größer'/></image></annotations>";
        write("\uFEFF" + text);
        assertEquals(Map.of("1.jpg", "größer"), ExportFiles.labels(ExportFormat.CVAT.read(root, Optional.empty())));
        for (Charset other : List.of(StandardCharsets.ISO_8859_1, StandardCharsets.UTF_16)) {
            Files.write(root.resolve("annotations.xml"), text.getBytes(other));
            assertTrue(ExportFiles.refusal(ExportFormat.CVAT, root).startsWith("The export is not UTF-8; export it again"));
        }
    }

    @Test
    void deepNestingIsRefused() throws IOException {
        write("<annotations>" + "<a>".repeat(1_000_000));
        assertTrue(ExportFiles.refusal(ExportFormat.CVAT, root).contains("nested too deeply"));
    }

    /** A gigabyte in one attribute, which a megabyte of ZIP unpacks to. */
    @Test
    void anElementThatUnpacksToNoEndIsRefused() throws IOException {
        Path zip = root.resolve("bomb.zip");
        try (OutputStream out = Files.newOutputStream(zip); ZipOutputStream archive = new ZipOutputStream(out)) {
            archive.putNextEntry(new ZipEntry("annotations.xml"));
            archive.write("<annotations><image name='".getBytes(StandardCharsets.UTF_8));
            byte[] spaces = "x".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 64; i++) {
                archive.write(spaces);
            }
        }
        assertTrue(ExportFiles.refusal(ExportFormat.CVAT, zip).contains("one element is longer than"));
    }

    @Test
    void archivesWithoutAnnotationsOrCutOffAreRefused() throws IOException {
        Path zip = zip(Map.of("data.xml", new byte[9]));
        assertTrue(ExportFiles.refusal(ExportFormat.CVAT, zip).startsWith("There is no annotations.xml here"));
        byte[] bytes = Files.readAllBytes(zip);
        Files.write(zip, Arrays.copyOf(bytes, bytes.length - 5));
        assertTrue(ExportFiles.refusal(ExportFormat.CVAT, zip).startsWith("The ZIP archive cannot be read; export it again"));
    }

    private Path zip(Map<String, byte[]> entries) throws IOException {
        Path zip = root.resolve("task.zip");
        try (OutputStream out = Files.newOutputStream(zip); ZipOutputStream archive = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                archive.putNextEntry(new ZipEntry(entry.getKey()));
                archive.write(entry.getValue());
            }
        }
        return zip;
    }

    private Path write(String text) throws IOException {
        return Files.writeString(root.resolve("annotations.xml"), text);
    }
}
