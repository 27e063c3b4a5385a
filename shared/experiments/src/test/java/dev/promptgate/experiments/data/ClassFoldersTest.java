package dev.promptgate.experiments.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.experiments.data.ListedImage.ListedSplit;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The rules of a folder per class on names alone, as a bucket has them; FolderSourceTest has them on files. */
class ClassFoldersTest {
    private record InMemory(URI uri, byte[] bytes) implements ImageLocation {
        @Override
        public boolean exists() {
            return true;
        }

        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public byte[] start(int count) {
            return bytes;
        }
    }

    private static ClassFolders of(String... paths) {
        ClassFolders folders = new ClassFolders("s3://photos/", "photos", URI.create("s3://photos/"));
        for (String path : paths) {
            byte[] bytes = (path.endsWith("gif") ? "GIF89a" : "text").getBytes(StandardCharsets.US_ASCII);
            folders.add(path, new InMemory(URI.create("s3://photos/" + URLEncoder.encode(path, StandardCharsets.UTF_8)), bytes));
        }
        return folders;
    }

    @Test
    void theFolderIsTheClassAndThePathTheId() throws Exception {
        Listing listing = of("bus/1.jpg", "fruit/red apple/a\\b.JPEG", "bus/agif", "bus/LICENCE").listing();
        assertEquals(List.of("bus/1.jpg bus", "fruit/red apple/a\\b.JPEG red apple", "bus/agif bus"),
                listing.images().stream().map(image -> image.id() + " " + image.label()).toList());
        assertTrue(listing.images().stream().allMatch(image -> image.split().isEmpty()));
        assertTrue(listing.notes().get(0).contains("no images by their names: 1: bus/LICENCE"), listing.notes().toString());
    }

    @Test
    void splitFoldersDivide() throws Exception {
        Listing listing = of("train/bus/1.jpg", "Test/bus/2.jpg", "probe/cat/3.jpg", "more/bus/4.jpg", "top.jpg").listing();
        assertEquals(List.of(Optional.of(ListedSplit.TRAIN), Optional.of(ListedSplit.HELD_OUT), Optional.of(ListedSplit.PROBE)),
                listing.images().stream().map(ListedImage::split).toList());
        assertTrue(listing.notes().get(0).contains("folder: more/"), listing.notes().toString());
        assertTrue(listing.notes().get(1).contains("in no class's folder: 1: top.jpg"), listing.notes().toString());
    }

    @Test
    void aHiddenFolderIsCountedOnce() throws Exception {
        Listing listing = of("bus/1.jpg", "bus/.cache/1.jpg", "bus/.cache/2.jpg", "__MACOSX/bus/1.jpg", "bus/._1.jpg").listing();
        assertEquals(1, listing.images().size());
        assertTrue(listing.notes().get(0).contains("hidden: 3: bus/.cache, __MACOSX, bus/._1.jpg]"), listing.notes().toString());
    }

    @Test
    void aFolderWithoutANameIsNoClass() {
        assertTrue(assertThrows(DataException.class, () -> of("bus//1.jpg", "//2.jpg").listing()).getMessage()
                .contains("in no class's folder: 2: "));
    }

    @Test
    void namesWithLostCharactersAreToldEscaped() throws Exception {
        assertEquals(List.of("bus%2F%EF%BF%BD.jpg", "bus%2F%EF%BF%BD.jpg"),
                of("bus/1.jpg", "bus/\uFFFD.jpg", "bus/\uFFFD.jpg").listing().unnamed());
    }
}
