package dev.promptgate.references;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.promptgate.messaging.record.ImageReference;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import dev.promptgate.messaging.record.RejectionCode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSourceTest {
    private static final byte[] BYTES = {1, 2, 3};

    @TempDir
    private Path folder;
    private Path root;
    private FileSource source;

    @BeforeEach
    void makeFiles() throws IOException {
        root = Files.createDirectory(folder.resolve("images"));
        Files.write(root.resolve("a b.jpg"), BYTES);
        Files.write(folder.resolve("secret"), BYTES);
        source = new FileSource(List.of(root));
    }

    @Test
    void aFileBelowARootIsRead() throws Exception {
        assertArrayEquals(BYTES, fetch(root.resolve("a b.jpg").toUri().toString()));
        assertArrayEquals(BYTES, fetch("file://LOCALHOST" + root.toUri().getRawPath() + "a%20b.jpg"));
        assertArrayEquals(BYTES, fetch("file:" + root.toUri().getRawPath() + "x/../a%20b.jpg"));
    }

    @Test
    void aRootThatIsALinkIsFollowed() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), root);
        assertArrayEquals(BYTES, new FileSource(List.of(link)).fetch(reference(link.resolve("a b.jpg").toUri().toString()), limits(1024)));
    }

    @Test
    void aRootIsTheFolderThatItsPathLeadsTo() throws Exception {
        ReferenceSettings settings = SettingsOf.of(Map.of("references.file-roots", "/nowhere, " + folder + "/x/../images/"));
        assertArrayEquals(BYTES,
                new FileSource(settings.fileRoots()).fetch(reference(root.resolve("a b.jpg").toUri().toString()), limits(1024)));
    }

    @Test
    void whatIsOutsideIsRefusedWhetherItIsThereOrNot() {
        String base = "file://" + root.toUri().getRawPath();
        for (String uri : new String[] {folder.resolve("secret").toUri().toString(), folder.resolve("nothing").toUri().toString(),
                base + "../secret", base + "%2e%2e/secret", base + "%2e%2e%2fsecret", base + "../images-other/1", "file:///etc/passwd",
                "file:///C:/Windows/win.ini", "file:////server/share/1.jpg", "file://server/share/1.jpg", base + "a%00b",
                base + "a%20b.jpg?q=1", base + "a%20b.jpg#f", "file://user@localhost" + root.toUri().getRawPath() + "a%20b.jpg",
                base.replace("images/", "images")}) {
            assertEquals(RejectionCode.REFERENCE_REFUSED, refused(uri).code(), uri);
        }
    }

    @Test
    void aLinkOutOfTheRootIsRefused() throws IOException {
        Files.createSymbolicLink(root.resolve("link.jpg"), folder.resolve("secret"));
        Files.createSymbolicLink(root.resolve("up"), folder);
        assertEquals(RejectionCode.REFERENCE_REFUSED, refused(root.resolve("link.jpg").toUri().toString()).code());
        assertEquals(RejectionCode.REFERENCE_REFUSED, refused(root.resolve("up/secret").toUri().toString()).code());
    }

    @Test
    void aFifoOrFolderIsRefusedAndBlocksNobody() throws Exception {
        assertEquals(RejectionCode.REFERENCE_REFUSED, refused(root.toUri().toString()).code());
        Path fifo = root.resolve("fifo");
        assumeTrue(isMade(fifo), "there is no mkfifo here");
        assertTimeoutPreemptively(Duration.ofSeconds(5),
                () -> assertEquals(RejectionCode.REFERENCE_REFUSED, refused(fifo.toUri().toString()).code()));
    }

    @Test
    void whatIsNotThereOrTooLargeHasItsCode() {
        assertEquals(RejectionCode.REFERENCE_UNAVAILABLE, refused(root.resolve("nothing").toUri().toString()).code());
        assertEquals(RejectionCode.TOO_MANY_BYTES, assertThrows(InvalidRecordException.class,
                () -> source.fetch(reference(root.resolve("a b.jpg").toUri().toString()), limits(2))).code());
    }

    private static boolean isMade(Path fifo) throws InterruptedException {
        try {
            return new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private InvalidRecordException refused(String uri) {
        return assertThrows(InvalidRecordException.class, () -> fetch(uri), uri);
    }

    private byte[] fetch(String uri) throws Exception {
        return source.fetch(reference(uri), limits(1024));
    }

    private static FetchLimits limits(int bytes) {
        return FetchLimits.of(bytes, Duration.ofSeconds(5));
    }

    private static ImageReference reference(String uri) {
        return new ImageReference(URI.create(uri), OptionalLong.empty(), Optional.empty());
    }
}
