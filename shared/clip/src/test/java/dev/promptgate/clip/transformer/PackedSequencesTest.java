package dev.promptgate.clip.transformer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class PackedSequencesTest {
    private static final int[][] SEQUENCES = {{10, 11}, {20}, {30, 31}};

    @Test
    void sequencesOfOneLengthStandTogetherPrefixByPrefix() {
        PackedSequences packed = new PackedSequences(SEQUENCES, 2);
        assertEquals(List.of(new PackedSequences.Group(1, 1), new PackedSequences.Group(2, 2)), packed.groups());
        assertArrayEquals(new int[] {1, 4, 0, 2, 3, 5}, packed.order());
        assertArrayEquals(new long[] {20, 20, 10, 11, 30, 31, 10, 11, 30, 31}, packed.tokenIds());
        assertArrayEquals(new long[] {5, 5, 5, 6, 5, 6, 5, 6, 5, 6}, packed.positions(5));
    }

    @Test
    void groupsAndLastTokensLieAfterThePrefixes() {
        PackedSequences packed = new PackedSequences(SEQUENCES, 2);
        assertArrayEquals(new long[] {6, 8}, packed.groupStarts(6));
        assertArrayEquals(new long[] {6, 7, 9, 11, 13, 15}, packed.lastRows(6));
    }

    @Test
    void onePrefixIsTheSimpleCase() {
        PackedSequences packed = new PackedSequences(SEQUENCES, 1);
        assertEquals(1, packed.prefixes());
        assertArrayEquals(new int[] {1, 0, 2}, packed.order());
    }
}
