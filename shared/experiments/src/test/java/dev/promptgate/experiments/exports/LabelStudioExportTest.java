package dev.promptgate.experiments.exports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.experiments.data.ImageFile;
import dev.promptgate.experiments.data.ImageLocation;
import dev.promptgate.experiments.data.ListedImage;
import dev.promptgate.experiments.exports.Export.Skipped;
import java.io.IOException;
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

class LabelStudioExportTest {
    @TempDir
    private Path root;

    @Test
    void aTaskHasItsChoiceUnderTheIdOfProjectAndTask() throws Exception {
        ExportFiles.images(root, "0a1b2c3d-my photo.jpg", "a/1.jpg");
        Export export = ExportFormat.LABEL_STUDIO.read(write(ExportFiles.LABEL_STUDIO), Optional.empty());
        assertEquals(Map.of("label-studio/3/11", "Dog", "label-studio/3/12", "red apple"), ExportFiles.labels(export));
        assertEquals(List.of(new ImageFile(root.resolve("0a1b2c3d-my photo.jpg")), new ImageFile(root.resolve("a/1.jpg"))),
                export.listing().images().stream().map(ListedImage::location).toList());
        assertTrue(export.listing().notes().get(0)
                .contains("no label: 1: label-studio/3/14, several labels: 1: label-studio/3/13 (Cat, Dog)]"));
        assertEquals(List.of(new Skipped("label-studio/3/15",
                "its image is at a URL and in no file; download it and name the file in the export")), export.skipped());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0a1b2c3d-my photo.jpg", "images/0a1b2c3d-my photo.jpg", "my photo.jpg", "images/my photo.jpg",
            "upload/3/0a1b2c3d-my photo.jpg", "3/0a1b2c3d-my photo.jpg"})
    void anUploadIsFoundWhereLabelStudioOrItsUserKeepsIt(String file) throws Exception {
        ExportFiles.images(root, file);
        Export export = ExportFormat.LABEL_STUDIO.read(write(task(1, 3, "/data/upload/3/0a1b2c3d-my%20photo.jpg", "Dog")),
                Optional.empty());
        assertEquals(new ImageFile(root.resolve(file)), export.listing().images().get(0).location());
    }

    /** Cameras number alike: without its hash the name would be that of either upload. */
    @Test
    void anOriginalNameThatSeveralUploadsHadIsNotUsed() throws Exception {
        ExportFiles.images(root, "1.jpg");
        Path file = write(task(1, 3, "/data/upload/3/00000001-1.jpg", "Dog") + task(2, 3, "/data/upload/3/00000002-1.jpg", "Cat"));
        assertEquals(List.of(new ImageFile(root.resolve("00000001-1.jpg")), new ImageFile(root.resolve("00000002-1.jpg"))),
                ExportFormat.LABEL_STUDIO.read(file, Optional.empty()).listing().images().stream().map(ListedImage::location).toList());
    }

    @Test
    void jsonMinHasATaskOnceForEachAnnotation() throws Exception {
        ExportFiles.images(root, "1.jpg", "2.jpg", "3.jpg");
        Path file = write("""
                [{"image": "/data/upload/5/00000001-1.jpg", "id": 1, "choice": "Dog", "annotator": 1, "annotation_id": 1,
                  "created_at": "2026-11-27T08:00:00.000000Z", "updated_at": "2026-11-27T08:00:00.000000Z", "lead_time": 2.5},
                 {"image": "/data/upload/5/00000001-1.jpg", "id": 1, "choice": "Dog", "annotator": 2, "annotation_id": 2},
                 {"image": "/data/upload/5/00000002-2.jpg", "id": 2, "choice": "Dog", "annotator": 1, "annotation_id": 3},
                 {"image": "/data/upload/5/00000002-2.jpg", "id": 2, "choice": {"choices": ["Cat", "Dog"]}, "annotation_id": 4},
                 {"image": "3.jpg", "id": 3, "label": [{"x": 1, "y": 2, "width": 3, "height": 4, "rectanglelabels": ["Cat"],
                  "original_width": 48, "original_height": 48}], "annotator": 1, "annotation_id": 5},
                 {"image": "4.jpg", "id": 4, "patient": "Smith", "annotator": 1, "annotation_id": 6}]
                """);
        Export export = ExportFormat.LABEL_STUDIO.read(file, Optional.empty());
        assertEquals(Map.of("label-studio/5/1", "Dog", "3.jpg", "Cat"), ExportFiles.labels(export));
        assertTrue(export.listing().notes().get(0).contains("no label: 1: 4.jpg, several labels: 1: label-studio/5/2 (Cat, Dog)]"),
                export.listing().notes().toString());
    }

    @Test
    void withoutAProjectTheIdIsTheFilesName() throws Exception {
        ExportFiles.images(root, "a b/1.jpg");
        Path file = write(task(1, 3, "/data/local-files/?d=a%20b%2F1.jpg&t=1", "Dog").replace("\"project\":3,", ""));
        assertEquals(Map.of("a b/1.jpg", "Dog"), ExportFiles.labels(ExportFormat.LABEL_STUDIO.read(file, Optional.empty())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/data/upload/3/../../secret.jpg", "/data/local-files/?d=..%2Fsecret.jpg", "../secret.jpg", "/etc/passwd"})
    void namesThatLeadOutOfTheFolderAreSkipped(String image) throws Exception {
        ExportFiles.images(root, "secret.jpg", "in/1.jpg");
        Path file = Files.writeString(root.resolve("in/p.json"),
                (task(1, 3, "1.jpg", "Dog") + task(2, 3, image, "Dog")).replace("][", ","));
        Export export = ExportFormat.LABEL_STUDIO.read(file, Optional.empty());
        assertEquals(List.of(new ImageFile(root.resolve("in/1.jpg"))),
                export.listing().images().stream().map(ListedImage::location).filter(ImageLocation::exists).toList());
        assertEquals(2, export.listing().images().size() + export.skipped().size());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"{\"images\":[]} | something else where a list must be; is this the format?",
            "[{\"id\":1,\"data\":{\"image\":\"1.jpg\"} | not whole JSON; export it again [file: {}, line: 1, column: ",
            "[{\"id\":1,\"data\":{\"text\":\"good\",\"other\":\"bad\"}}] | A task names no image; the field of its data must be called image [file: {}, at: /0",
            "[1] | something else where an object must be",
            "[{\"id\":1,\"project\":1,\"data\":{\"image\":\"a\"}},{\"id\":1,\"project\":1,\"data\":{\"image\":\"b\"}}] | Two tasks have the same id and different images",
            "[] | There are no images with one label and a file here"})
    void whatIsNoWholeExportIsRefusedWithThePlace(String text, String expected) throws IOException {
        Path file = Files.writeString(root.resolve("p.json"), text);
        String message = ExportFiles.refusal(ExportFormat.LABEL_STUDIO, file);
        assertTrue(message.contains(expected.replace("{}", file.toString())), message);
    }

    @Test
    void whereAllImagesAreAtUrlsTheReasonIsSaidWithoutTheUrl() throws IOException {
        String message = ExportFiles.refusal(ExportFormat.LABEL_STUDIO, write(task(1, 3, "s3://bucket/1.jpg?token=word", "Dog")));
        assertTrue(message.contains("skipped: 1: label-studio/3/1, since its image is at a URL") && !message.contains("word"), message);
    }

    @Test
    void halfACharacterIsNoLabel() throws Exception {
        ExportFiles.images(root, "1.jpg", "2.jpg");
        Export export = ExportFormat.LABEL_STUDIO.read(write(task(1, 3, "1.jpg", "Dog") + task(2, 3, "2.jpg", "\\ud83d")),
                Optional.empty());
        assertEquals(Map.of("label-studio/3/1", "Dog"), ExportFiles.labels(export));
        assertEquals("label-studio/3/2", export.skipped().get(0).id());
    }

    private static String task(int id, int project, String image, String choice) {
        return "[{\"id\":%d,\"project\":%d,\"data\":{\"image\":\"%s\"},\"annotations\":[{\"result\":[{\"value\":{\"choices\":[\"%s\"]}}]}]}]"
                .formatted(id, project, image, choice);
    }

    /** @param lists of tasks, one behind the other */
    private Path write(String lists) throws IOException {
        return Files.writeString(root.resolve("p.json"), lists.replace("][", ","));
    }
}
