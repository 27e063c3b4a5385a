package dev.promptgate.history.flow;

import dev.promptgate.messaging.record.SourcePosition;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** A set of positions in labelled-images: some bits a record, in blocks, however large the offsets are. Not thread-safe. */
final class SourcePositions {
    private static final int BLOCK_BITS = 16;

    private record Block(int partition, long number) {}

    private final Map<Block, BitSet> blocks = new HashMap<>();

    /** @return whether it is new */
    boolean add(SourcePosition position) {
        BitSet bits = blocks.computeIfAbsent(block(position), block -> new BitSet());
        int index = index(position);
        boolean isNew = !bits.get(index);
        bits.set(index);
        return isNew;
    }

    boolean contains(SourcePosition position) {
        BitSet bits = blocks.get(block(position));
        return bits != null && bits.get(index(position));
    }

    void remove(SourcePosition position) {
        BitSet bits = blocks.get(block(position));
        if (bits != null) {
            bits.clear(index(position));
        }
    }

    /** In no particular order of blocks. */
    Stream<SourcePosition> stream() {
        return blocks.entrySet().stream().flatMap(block -> block.getValue().stream().mapToObj(
                index -> new SourcePosition(block.getKey().partition(), (block.getKey().number() << BLOCK_BITS) + index)));
    }

    private static Block block(SourcePosition position) {
        return new Block(position.partition(), position.offset() >> BLOCK_BITS);
    }

    private static int index(SourcePosition position) {
        return (int) (position.offset() & (1 << BLOCK_BITS) - 1);
    }
}
