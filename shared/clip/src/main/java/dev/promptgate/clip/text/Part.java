package dev.promptgate.clip.text;

import ai.djl.ndarray.NDArray;
import java.util.function.UnaryOperator;

/**
 * Some of the prompts, computed together.
 *
 * @param forward from the prefix's embeddings [1 + N, width] to normalised features [rows, dim]
 * @param rows the class that each row of the features belongs to
 */
record Part(UnaryOperator<NDArray> forward, int[] rows) {}
