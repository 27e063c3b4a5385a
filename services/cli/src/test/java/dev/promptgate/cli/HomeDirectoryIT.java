package dev.promptgate.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The distribution under a user that has no entry in the system, as containers run it: Java's home is then "?". */
class HomeDirectoryIT {
    private static final List<String> WITHOUT_ENTRY = List.of("setpriv", "--reuid", "12345", "--regid", "12345", "--clear-groups");
    private static final Path DISTRIBUTION = Path.of("target/promptgate/bin/promptgate").toAbsolutePath();

    @TempDir
    private Path directory;
    private Path work;
    private Path home;

    @BeforeEach
    void makeDirectories() throws IOException {
        work = Files.createDirectory(directory.resolve("work"));
        home = Files.createDirectory(directory.resolve("home"));
        for (Path each : List.of(directory, work, home)) {
            Files.setPosixFilePermissions(each, PosixFilePermissions.fromString("rwxrwxrwx"));
        }
    }

    @Test
    void theCacheOfAUserWithoutAnEntryLiesBelowHome() throws Exception {
        List<String> command = new ArrayList<>(WITHOUT_ENTRY);
        command.addAll(List.of("test", "-r", DISTRIBUTION.toString()));
        Assumptions.assumeTrue(canRun(command), "needs setpriv, root, and a build that other users can read");
        String cache = "DJL_CACHE_DIR=" + Files.createFile(directory.resolve("file")); // ends the command before PyTorch is unpacked
        Output output = run(WITHOUT_ENTRY, List.of("HOME=" + home, cache), "model");
        assertEquals(1, output.exitCode(), output.err());
        assertTrue(Files.exists(home.resolve(".cache/promptgate/bundled-mini-clip/model.safetensors")), output.err());
        assertIsEmpty(work);
    }

    @Test
    void javasHomeIsNotTakenForAFolder() throws Exception {
        String cache = "model.cache-directory=" + home;
        Output output = run(List.of(), List.of("PROMPTGATE_JAVA_OPTS=-Duser.home=?"), "model", "--set", cache, "--model", "no/such-model",
                "--set",
                "model.hub=http://127.0.0.1:1");
        assertEquals(1, output.exitCode(), output.err());
        assertIsEmpty(work);
    }

    @Test
    void withoutAHomeTheSettingIsNamed() throws Exception {
        Output output = run(List.of(), List.of("PROMPTGATE_JAVA_OPTS=-Duser.home=?"), "model");
        assertEquals(2, output.exitCode(), output.err());
        assertEquals("promptgate: There is no home directory; set HOME, or give model.cache-directory without ~ "
                + "[model.cache-directory: ~/.cache/promptgate]", output.err().strip());
        assertIsEmpty(work);
    }

    /** With no variables but the given ones. */
    private Output run(List<String> as, List<String> variables, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("env", "-i", "PATH=" + System.getenv("PATH"), "JAVA_HOME="
                + System.getProperty("java.home")));
        command.addAll(variables);
        command.addAll(as);
        command.add(DISTRIBUTION.toString());
        command.addAll(List.of(arguments));
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        Process process = new ProcessBuilder(command).directory(work.toFile()).redirectOutput(out.toFile()).redirectError(err.toFile())
                .start();
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return new Output(process.waitFor(), Files.readString(out), Files.readString(err));
    }

    private static boolean canRun(List<String> command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start()
                    .waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static void assertIsEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(), files.toList());
        }
    }
}
