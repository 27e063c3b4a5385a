package dev.promptgate.bundled;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.commons.csv.CSVFormat;

/**
 * The bundled images: objects that carry a badge, whose label names the badge. 120 classes × 5 designs; of four designs four views each
 * train and three are held out, the fifth design is held out whole.
 */
public final class SampleStream {
    /**
     * One image.
     *
     * @param label what the badge shows
     * @param split {@code train} or {@code held-out}
     * @param carrier the object that the badge is on
     */
    public record Entry(String file, String label, String split, String design, String licence, String carrier) {}

    private static final CSVFormat TABLE = CSVFormat.TDF.builder().setHeader().setSkipHeaderRecord(true).setQuote(null).get();

    private static List<Entry> entries;

    private SampleStream() {}

    /** All of them, read once in a process. */
    public static synchronized List<Entry> entries() {
        if (entries == null) {
            entries = read();
        }
        return entries;
    }

    private static List<Entry> read() {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(open("manifest.tsv"), StandardCharsets.UTF_8))) {
            return TABLE.parse(reader).stream()
                    .map(row -> new Entry(row.get(0), row.get(1), row.get(2), row.get(3), row.get(4), row.get(5))).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The JPEG files of the first so many. */
    public static List<byte[]> files(int count) {
        return entries().stream().limit(count).map(SampleStream::bytes).toList();
    }

    public static byte[] bytes(Entry entry) {
        try (InputStream in = open("images/" + entry.file())) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String name) {
        InputStream in = SampleStream.class.getResourceAsStream("sample-stream/" + name);
        if (in == null) {
            throw new IllegalStateException("The bundled sample stream lacks a file; rebuild the project [file: " + name + "]");
        }
        return in;
    }
}
