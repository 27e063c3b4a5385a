package dev.promptgate.classifier.prompt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.text.ClassNameCheck;
import dev.promptgate.service.settings.InvalidSettingsException;
import dev.promptgate.testing.model.BundledModelTest;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@BundledModelTest
class ClassesFileIT {
    private static final String SETTING = "classifier.classes";

    private final ClassNameCheck check;

    @TempDir
    private Path directory;

    ClassesFileIT(ClipModel model) {
        check = new ClassNameCheck(model.textEncoder(), 4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
    void editorsMarksAndLineEndsAreNoPartOfAName(String encoding) throws IOException {
        for (String mark : List.of("", "\uFEFF")) {
            Path file = write((mark + "dog\r\ncat\t\r\n\r\n# comment\r\nred_apple\r\n Pâté \n").getBytes(Charset.forName(encoding)));
            assertEquals(List.of("dog", "cat", "red_apple", "Pâté"), ClassesFile.read(file.toString(), SETTING, check));
        }
    }

    @Test
    void aNameThatStandsTwiceIsRefusedWithItsLine() throws IOException {
        assertRefused("stands twice; leave one [setting: classifier.classes, file: ", ", line: 3]", "\uFEFFdog\r\ncat\r\n dog \r\n"
                .getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsNoTextIsRefusedByWhatItLooksLike() throws IOException {
        assertRefused("looks like Latin-1", ", line: 2]", "dog\nPâté\n".getBytes(StandardCharsets.ISO_8859_1));
        assertRefused("is UTF-32", "file: ", "\uFEFFdog\n".getBytes(Charset.forName("UTF-32LE")));
        assertRefused("is a ZIP archive", "file: ", new byte[] {'P', 'K', 3, 4});
        for (String path : List.of("/dev/zero", directory.toString(), directory.resolve("nowhere").toString())) {
            InvalidSettingsException e = assertThrows(InvalidSettingsException.class, () -> ClassesFile.read(path, SETTING, check));
            assertTrue(e.getMessage().startsWith(SETTING + ": The file ") && e.getMessage().contains(path), e.getMessage());
        }
    }

    private void assertRefused(String words, String where, byte[] bytes) throws IOException {
        Path file = write(bytes);
        InvalidSettingsException e = assertThrows(InvalidSettingsException.class,
                () -> ClassesFile.read(file.toString(), SETTING, check));
        assertTrue(e.getMessage().contains(words) && e.getMessage().contains(where), e.getMessage());
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    }

    private Path write(byte[] bytes) throws IOException {
        return Files.write(directory.resolve("classes.txt"), bytes);
    }
}
