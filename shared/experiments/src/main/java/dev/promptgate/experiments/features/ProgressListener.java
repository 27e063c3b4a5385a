package dev.promptgate.experiments.features;

/** Follows the encoding of an image set, on the thread that encodes. */
@FunctionalInterface
public interface ProgressListener {
    /**
     * Called once the cache has been looked through, and after every batch.
     *
     * @param done distinct views that are encoded, cached or skipped
     * @param total distinct views of the set
     * @param encoded those that were encoded in this run
     */
    void progress(int done, int total, int encoded);
}
