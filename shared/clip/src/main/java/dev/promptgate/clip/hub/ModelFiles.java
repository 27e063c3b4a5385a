package dev.promptgate.clip.hub;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a model lies on this machine.
 *
 * @param location a directory, or a file of weights
 * @param tokenizer a directory or file with CLIP's vocabulary, where the model's layout has none of its own
 */
public record ModelFiles(Path location, Optional<Path> tokenizer) {}
