package dev.promptgate.clip.transformer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Token sequences laid end to end without padding, those of equal length side by side.
 *
 * <p>The text tower runs its token-wise layers over one matrix [prefix + total, width]; only attention looks at the groups.
 */
public final class PackedSequences {
    /** Consecutive sequences of one length. */
    record Group(int sequences, int tokens) {}

    private final int[] order;
    private final int[][] sorted;
    private final List<Group> groups = new ArrayList<>();

    /** @param sequences the token ids of each sequence, none empty */
    public PackedSequences(int[][] sequences) {
        order = IntStream.range(0, sequences.length).boxed()
                .sorted(Comparator.comparingInt(i -> sequences[i].length)).mapToInt(Integer::intValue).toArray();
        sorted = new int[sequences.length][];
        for (int i = 0; i < order.length; i++) {
            sorted[i] = sequences[order[i]];
        }
        for (int i = 0; i < sorted.length;) {
            int length = sorted[i].length;
            int end = i;
            while (end < sorted.length && sorted[end].length == length) {
                end++;
            }
            groups.add(new Group(end - i, length));
            i = end;
        }
    }

    List<Group> groups() {
        return groups;
    }

    /** How many sequences there are. */
    public int size() {
        return order.length;
    }

    /** How many tokens there are in all. */
    public int tokens() {
        return Arrays.stream(sorted).mapToInt(ids -> ids.length).sum();
    }

    long[] tokenIds() {
        return Arrays.stream(sorted).flatMapToInt(Arrays::stream).asLongStream().toArray();
    }

    /** Each token's place in the text, the first of a sequence standing at {@code start}. */
    long[] positions(int start) {
        return Arrays.stream(sorted).flatMapToInt(ids -> IntStream.range(start, start + ids.length)).asLongStream().toArray();
    }

    /** For each packed sequence, its place in the order that the sequences were given in; the array itself, read-only. */
    public int[] order() {
        return order;
    }
}
