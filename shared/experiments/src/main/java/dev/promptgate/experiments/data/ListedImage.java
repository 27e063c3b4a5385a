package dev.promptgate.experiments.data;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A file as a source names it.
 *
 * @param part empty leaves it to {@link HashDivision}
 */
record ListedImage(String id, String label, Optional<DataPart> part, Path file) {}
