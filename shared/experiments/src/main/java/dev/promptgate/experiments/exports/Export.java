package dev.promptgate.experiments.exports;

import dev.promptgate.experiments.data.Listing;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * What an export lists. The listing's files are there to read until this is closed, since they may lie in an archive.
 *
 * @param skipped images with a label whose files cannot be had
 */
public record Export(Listing listing, List<Skipped> skipped, Closeable archive) implements Closeable {
    /** @param why in a few words, as part of a sentence */
    public record Skipped(String id, String why) {}

    @Override
    public void close() throws IOException {
        archive.close();
    }
}
