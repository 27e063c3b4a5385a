package dev.promptgate.experiments.exports;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.experiments.data.DataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever becomes of a file on its way, it is read or refused in one line. */
class DamagedExportTest {
    /** Coprime to how the files are indented, so that cuts fall everywhere. */
    private static final int CUT_EVERY = 7;
    private static final int FLIPS = 300;

    @TempDir
    private Path root;

    @ParameterizedTest
    @EnumSource(ExportFormat.class)
    void cutsAreRefusedAndFlipsAreReadOrRefused(ExportFormat format) throws Exception {
        String text = switch (format) {
            case COCO -> ExportFiles.COCO;
            case CVAT -> ExportFiles.CVAT;
            case LABEL_STUDIO -> ExportFiles.LABEL_STUDIO;
        };
        byte[] whole = text.strip().getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < whole.length; length += CUT_EVERY) {
            assertFalse(isRead(format, Arrays.copyOf(whole, length)), "cut after byte " + length);
        }
        assertTrue(isRead(format, whole));
        Random random = new Random(1);
        for (int i = 0; i < FLIPS; i++) {
            byte[] damaged = whole.clone();
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            isRead(format, damaged);
        }
    }

    private boolean isRead(ExportFormat format, byte[] bytes) throws IOException {
        Path file = Files.write(root.resolve("export"), bytes);
        try {
            format.read(file, Optional.empty());
            return true;
        } catch (DataException e) {
            assertFalse(e.getMessage().contains("\n"), e.getMessage());
            return false;
        }
    }
}
