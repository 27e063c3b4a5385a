package dev.promptgate.clip;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.promptgate.testing.GoldenFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Parity with open_clip's model code on CLIPs in the layouts that people have: every sub-folder of the directory that the system property
 * {@code layouts.dir} names, else those in the repository. Nothing but what lies in a folder says how it is loaded.
 */
class LayoutGoldenTest {

    @TestFactory
    Stream<DynamicTest> featuresAndScaleAreOpenClips() throws IOException {
        String given = System.getProperty("layouts.dir");
        Path directory = given == null ? GoldenFolders.committed("layouts") : Path.of(given);
        try (Stream<Path> children = Files.list(directory)) {
            List<Path> folders = children.filter(Files::isDirectory).sorted().toList();
            assertFalse(folders.isEmpty(), "no folder in " + directory.toAbsolutePath());
            return folders.stream().map(folder -> DynamicTest.dynamicTest(folder.getFileName().toString(),
                    () -> GoldenLayout.check(folder, folder.resolve("expected.safetensors"))));
        }
    }
}
