package dev.promptgate.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** Collects a row for each thing that was done to the services, and writes the table after each: {@code target/ledger.md}. */
public final class LedgerReport {
    private static final Path FILE = Path.of("target/ledger.md");
    private static final List<String> ROWS = new ArrayList<>();

    private LedgerReport() {}

    public static synchronized void add(String what, String done, String ledger, String state) throws IOException {
        ROWS.add(row(what, done, ledger, state));
        write();
        System.out.printf("chaos: %s: %s: %s: %s%n", what, done, ledger, state);
    }

    /** The same for what goes on: the last row is replaced, so that a run that is cut short has its figures, too. */
    public static synchronized void replaceLast(String what, String done, String ledger, String state) throws IOException {
        ROWS.set(ROWS.size() - 1, row(what, done, ledger, state));
        write();
    }

    private static String row(String what, String done, String ledger, String state) {
        return "| %s | %s | %s | %s |".formatted(what, done, ledger, state);
    }

    private static void write() throws IOException {
        String text = ("%s form, %s, %d processors, Java %s.%n%n| what happens | how often | ledger | final state |%n"
                + "| --- | --- | --- | --- |%n%s%n").formatted(
                        Scale.FULL ? "Whole" : "Short", LocalDate.now(), Runtime.getRuntime().availableProcessors(),
                        System.getProperty("java.version"), String.join("\n", ROWS));
        Files.writeString(Files.createDirectories(FILE.getParent()).resolve(FILE.getFileName()), text);
    }
}
