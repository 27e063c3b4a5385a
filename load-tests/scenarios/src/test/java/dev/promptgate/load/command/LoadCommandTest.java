package dev.promptgate.load.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.cli.Output;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the command load refuses before anything is started. */
class LoadCommandTest {
    @TempDir
    private Path directory;

    private Output load(String... args) {
        String[] all = new String[args.length + 3];
        all[0] = "load";
        System.arraycopy(args, 0, all, 1, args.length);
        all[args.length + 1] = "--output";
        all[args.length + 2] = directory.resolve("out").toString();
        return Output.of(all);
    }

    private static void assertRefused(Output output, int exitCode, String word) {
        assertEquals(exitCode, output.exitCode(), output.err());
        assertTrue(output.err().contains(word), output.err());
        assertFalse(output.err().contains("\tat "), output.err());
        assertEquals("", output.out());
    }

    @Test
    void itHasItsManual() {
        Output output = Output.of("load", "--help");
        assertEquals(0, output.exitCode());
        assertTrue(output.out().contains("Usage: promptgate load"), output.out());
    }

    @Test
    void aScenarioThatThereIsNoneOfNamesThoseThereAre() {
        assertRefused(load("stedy"), 2, "use steady, burst, soak, new-class-storm, slow-consumer");
    }

    @Test
    void figuresOutOfBoundsAreRefused() {
        assertRefused(load("steady", "--rate", "0"), 2, "--rate");
        assertRefused(load("steady", "--duration", "1e7"), 2, "--duration");
        assertRefused(load("steady", "--rate", "1e6", "--duration", "3600"), 2, "images: ");
        assertRefused(load("steady", "--poison", "1.5"), 2, "--poison");
        assertRefused(load("steady", "--key-skew", "-1"), 2, "--key-skew");
    }

    @Test
    void aBrokerElsewhereIsRefusedUnlessItIsMeant() {
        assertRefused(load("steady", "--bootstrap-servers", "127.0.0.1:1,192.0.2.7:9092"), 1, "--allow-remote");
        assertRefused(load("steady", "--bootstrap-servers", "192.0.2.7:9092"), 1, "broker: 192.0.2.7:9092");
    }

    @Test
    void theEvaluatorOfAClusterIsNotStopped() {
        assertRefused(load("slow-consumer", "--bootstrap-servers", "127.0.0.1:1"), 1, "slow-consumer");
    }

    @Test
    void anEarlierReportThatCannotBeReadIsSaidBeforeTheRun() throws Exception {
        assertRefused(load("steady", "--against", directory.resolve("none.json").toString()), 1, "There is no report here");
        Path text = Files.writeString(directory.resolve("text.json"), "no report");
        assertRefused(load("steady", "--against", text.toString()), 1, "This is no report");
    }
}
