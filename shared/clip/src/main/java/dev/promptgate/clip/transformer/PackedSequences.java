package dev.promptgate.clip.transformer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Token sequences laid end to end without padding, those of equal length side by side; all of them once for each of B prefixes.
 *
 * <p>The text tower runs its token-wise layers over one matrix [B · P + total, width]; only attention looks at the groups. Inside a
 * group the sequences of the first prefix come first.
 */
public final class PackedSequences {
    /** Consecutive sequences of one length: so many for each prefix. */
    record Group(int sequences, int tokens) {}

    private final int prefixes;
    private final int[] order;
    private final int[][] sorted; // [prefixes × sequences], as packed
    private final List<Group> groups = new ArrayList<>();

    /** All sequences after one prefix. */
    public PackedSequences(int[][] sequences) {
        this(sequences, 1);
    }

    /**
     * @param sequences the token ids of each sequence, none empty
     * @param prefixes B, how many prefixes all the sequences follow
     */
    public PackedSequences(int[][] sequences, int prefixes) {
        this.prefixes = prefixes;
        int[] byLength = IntStream.range(0, sequences.length).boxed()
                .sorted(Comparator.comparingInt(i -> sequences[i].length)).mapToInt(Integer::intValue).toArray();
        order = new int[prefixes * sequences.length];
        int at = 0;
        for (int i = 0; i < byLength.length;) {
            int length = sequences[byLength[i]].length;
            int end = i;
            while (end < byLength.length && sequences[byLength[end]].length == length) {
                end++;
            }
            for (int prefix = 0; prefix < prefixes; prefix++) {
                for (int j = i; j < end; j++) {
                    order[at++] = prefix * sequences.length + byLength[j];
                }
            }
            groups.add(new Group(end - i, length));
            i = end;
        }
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

    /**
     * For each packed sequence its place, prefix · sequences + sequence, in the order that the sequences were given in; the array
     * itself, read-only.
     */
    public int[] order() {
        return order;
    }
}
