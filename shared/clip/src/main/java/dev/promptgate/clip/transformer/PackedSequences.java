package dev.promptgate.clip.transformer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Token sequences laid end to end without padding, those of equal length side by side; all of them once for each of B prefixes.
 *
 * <p>The text tower runs its token-wise layers over one matrix [B · P + total, width]; only attention looks at the groups. Inside a group
 * the sequences of the first prefix come first.
 */
public final class PackedSequences {
    /** Consecutive sequences of one length: so many for each prefix. */
    record Group(int sequences, int tokens) {}

    private final int prefixes;
    private final int[] order;
    private final int[][] sorted; // [prefixes × sequences], as packed
    private final List<Group> groups = new ArrayList<>();

    /** The token ids of sequences, none empty, all of which follow each of B prefixes. */
    public PackedSequences(int[][] sequences, int prefixes) {
        this.prefixes = prefixes;
        IntStream.Builder places = IntStream.builder();
        IntStream.range(0, sequences.length).boxed().collect(Collectors.groupingBy(i -> sequences[i].length, TreeMap::new,
                Collectors.toList())).forEach((length, alike) -> {
                    groups.add(new Group(alike.size(), length));
                    for (int prefix = 0; prefix < prefixes; prefix++) {
                        int base = prefix * sequences.length;
                        alike.forEach(i -> places.add(base + i));
                    }
                });
        order = places.build().toArray();
        sorted = Arrays.stream(order).mapToObj(i -> sequences[i % sequences.length]).toArray(int[][]::new);
    }

    List<Group> groups() {
        return groups;
    }

    /** B, how many prefixes the sequences follow. */
    int prefixes() {
        return prefixes;
    }

    long[] tokenIds() {
        return Arrays.stream(sorted).flatMapToInt(Arrays::stream).asLongStream().toArray();
    }

    /** Each token's place in the text, the first of a sequence standing at {@code start}. */
    long[] positions(int start) {
        return Arrays.stream(sorted).flatMapToInt(ids -> IntStream.range(start, start + ids.length)).asLongStream().toArray();
    }

    /** The row of each sequence's last token, the first sequence beginning at row {@code first}. */
    long[] lastRows(long first) {
        long[] rows = new long[sorted.length];
        long row = first - 1;
        for (int i = 0; i < rows.length; i++) {
            row += sorted[i].length;
            rows[i] = row;
        }
        return rows;
    }

    /** Where each group begins, the first one at row {@code first}. */
    long[] groupStarts(long first) {
        LongStream.Builder starts = LongStream.builder();
        long row = first;
        for (Group group : groups) {
            starts.add(row);
            row += (long) prefixes * group.sequences() * group.tokens();
        }
        return starts.build().toArray();
    }

    /** Each packed sequence's place, prefix · sequences + sequence, in the order they were given in; the array itself, read-only. */
    public int[] order() {
        return order;
    }
}
