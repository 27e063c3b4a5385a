package dev.promptgate.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.messaging.trust.PromptSigner;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysCommandTest {
    @TempDir
    private Path directory;

    @Test
    void generatePrintsTheKeyIdAndSettingsThatWork() {
        Output output = Output.of("keys", "generate", directory.resolve("keys").toString(), "--name", "candidates");
        assertEquals(0, output.exitCode(), output.err());
        Path privateKey = directory.resolve("keys/candidates.key");
        assertTrue(output.out().startsWith("key id " + PromptSigner.load(privateKey).keyId()), output.out());
        String[] settings = output.out().lines().filter(line -> line.startsWith("  trust.")).map(line -> line.strip().split(" ")[0])
                .toArray(String[]::new);
        assertEquals(4, settings.length);
        Output inForce = Output.of("settings", "--set", settings[0], "--set", settings[1], "--set", settings[2], "--set", settings[3]);
        assertTrue(inForce.out().contains("trust.candidate-signing-key = " + privateKey), inForce.out());
        assertTrue(Files.exists(directory.resolve("keys/candidates.pub")));
    }

    @Test
    void generateOverwritesNothing() {
        assertEquals(0, Output.of("keys", "generate", directory.toString()).exitCode());
        Output again = Output.of("keys", "generate", directory.toString());
        assertEquals(1, again.exitCode());
        assertEquals(1, again.err().lines().count(), again.err());
        assertTrue(again.err().contains("rollouts.key"), again.err());
    }

    @Test
    void keysAloneSaysWhatIsMissing() {
        Output output = Output.of("keys");
        assertEquals(2, output.exitCode());
        assertTrue(output.err().contains("subcommand"), output.err());
    }
}
