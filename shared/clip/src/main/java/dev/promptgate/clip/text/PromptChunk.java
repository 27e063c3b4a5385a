package dev.promptgate.clip.text;

import ai.djl.ndarray.NDArray;
import dev.promptgate.clip.transformer.PackedSequences;
import dev.promptgate.clip.transformer.TextTower;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Some of the prompts, computed together.
 *
 * @param forward from the prefixes' embeddings [B, 1 + N, width] to normalised features [rows, dim]
 * @param rows the place, prefix · classes + class, that each row of the features belongs to
 */
record PromptChunk(UnaryOperator<NDArray> forward, int[] rows) {
    /** Cuts prompts into chunks of consecutive classes, each class under all prefixes, so many tokens at most if not a single class. */
    static List<PromptChunk> of(TextTower tower, int[][] suffixes, int prefixes, int chunkTokens) {
        List<PromptChunk> chunks = new ArrayList<>();
        for (int from = 0, to; from < suffixes.length; from = to) {
            int tokens = prefixes * suffixes[from].length;
            for (to = from + 1; to < suffixes.length && tokens + prefixes * suffixes[to].length <= chunkTokens; to++) {
                tokens += prefixes * suffixes[to].length;
            }
            PackedSequences packed = new PackedSequences(Arrays.copyOfRange(suffixes, from, to), prefixes);
            int base = from;
            int classes = to - from;
            int[] rows = Arrays.stream(packed.order()).map(i -> i / classes * suffixes.length + base + i % classes).toArray();
            chunks.add(new PromptChunk(starts -> tower.packed(starts, packed), rows));
        }
        return chunks;
    }

    /** All classes of one prefix on the reference path. */
    static PromptChunk padded(TextTower tower, int[][] suffixes) {
        return new PromptChunk(start -> tower.padded(start, suffixes), IntStream.range(0, suffixes.length).toArray());
    }
}
