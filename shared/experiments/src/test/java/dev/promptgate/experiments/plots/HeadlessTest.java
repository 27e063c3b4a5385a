package dev.promptgate.experiments.plots;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Where AWT looks for a display and for fonts through the environment. */
@EnabledOnOs(OS.LINUX)
class HeadlessTest {
    @TempDir
    private Path directory;

    /** Draws a plot, in a JVM of its own: the first thing that it does is to make a palette, as a report does. */
    public static void main(String[] arguments) {
        Palette palette = new Palette(Examples.FOUR);
        TradeOffPlot.write(Path.of(arguments[0]), Examples.TITLE, palette,
                List.of(new TradeOffPlot.Point("CoOp", Examples.around(80), Examples.around(70))));
    }

    @Test
    void aDisplayThatCannotBeReachedIsNotTried() throws Exception {
        assertEquals(0, draw("DISPLAY", "localhost:99"), log());
        assertTrue(Png.read(directory.resolve("plot.png")).count(Palette.INK) > 500);
    }

    @Test
    void aMachineWithoutFontsIsToldWhatToInstall() throws Exception {
        Path none = Files.writeString(directory.resolve("fonts.conf"),
                "<fontconfig><dir>%s</dir></fontconfig>".formatted(directory.resolve("none")));
        assertNotEquals(0, draw("FONTCONFIG_FILE", none.toString()));
        assertTrue(log().contains("install fontconfig and a font"), log());
    }

    private int draw(String variable, String value) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(), "-Xmx256m",
                "-Duser.home=" + directory,
                "-cp", System.getProperty("java.class.path"), HeadlessTest.class.getName(), directory.resolve("plot.png").toString());
        builder.environment().put(variable, value);
        Process process = builder.redirectErrorStream(true).redirectOutput(directory.resolve("log").toFile()).start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the plot takes too long");
        return process.exitValue();
    }

    private String log() throws IOException {
        return Files.readString(directory.resolve("log"));
    }
}
