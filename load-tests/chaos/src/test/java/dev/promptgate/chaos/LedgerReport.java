package dev.promptgate.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** Collects a row for each thing that was done to the services, and writes the table after each: {@code target/ledger.md}. */
final class LedgerReport {
    private static final Path FILE = Path.of("target/ledger.md");
    private static final List<String> ROWS = new ArrayList<>();

    private LedgerReport() {}

    static synchronized void add(String what, String done, String ledger, String state) throws IOException {
        ROWS.add("| %s | %s | %s | %s |".formatted(what, done, ledger, state));
        System.out.printf("chaos: %s: %s: %s: %s%n", what, done, ledger, state);
        String text = ("%s form, %s, %d processors, Java %s.%n%n| what happens | how often | ledger | final state |%n"
                + "| --- | --- | --- | --- |%n%s%n").formatted(
                        Scale.FULL ? "Whole" : "Short", LocalDate.now(), Runtime.getRuntime().availableProcessors(),
                        System.getProperty("java.version"), String.join("\n", ROWS));
        Files.writeString(Files.createDirectories(FILE.getParent()).resolve(FILE.getFileName()), text);
    }
}
