package dev.promptgate.clip.transformer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import java.util.Arrays;
import java.util.List;

/**
 * The text tower's layers over packed sequences, rows [B · P + total, width]: B prefixes of P tokens, then each group of sequences, which
 * attend to their own prefix's keys and values. In a small model a call costs as much as its arithmetic, so queries, keys and values of a
 * group travel as one array, then keys and values as one. Serves one pass; its arrays are on the pass's manager.
 */
final class PackedPass {
    private final PackedSequences sequences;
    private final int prefixTokens;
    private final NDArray prefixMask; // [P, P]
    private final List<NDArray> masks; // a group's: [S, P + S]
    private final NDArray lastRows; // [B · C]

    /** @param x the embeddings that the pass starts from, for their manager and type */
    PackedPass(PackedSequences sequences, int prefixTokens, NDArray x) {
        NDManager manager = x.getManager();
        this.sequences = sequences;
        this.prefixTokens = prefixTokens;
        prefixMask = Attention.causalMask(manager, 0, prefixTokens, x.getDataType());
        masks = sequences.groups().stream().map(group -> Attention.causalMask(manager, prefixTokens, group.tokens(), x.getDataType()))
                .toList();
        lastRows = manager.create(sequences.lastRows(prefixRows())).duplicate();
    }

    private long prefixRows() {
        return (long) sequences.prefixes() * prefixTokens;
    }

    /** One layer at every row: [B · P + total, width]. */
    NDArray layer(Layer layer, NDArray x) {
        NDList blocks = blocks(layer.qkv.of(layer.norm1.of(x))); // each [rows, 3 · width]
        NDList prefix = queriesFromRest(heads(layer, blocks.get(0), 3, 1, prefixTokens));
        NDList prefixKeyValue = prefix.get(1).split(2, 0); // 2 × [1, B, 1, heads, P, d]
        NDList attended = new NDList();
        attended.add(merge(Attention.attend(prefix.get(0), prefixKeyValue.get(0), prefixKeyValue.get(1), prefixMask)));
        for (int g = 0; g < sequences.groups().size(); g++) {
            PackedSequences.Group group = sequences.groups().get(g);
            NDList own = queriesFromRest(heads(layer, blocks.get(g + 1), 3, group.sequences(), group.tokens()));
            NDList keyValue = afterPrefix(prefix.get(1), own.get(1));
            attended.add(merge(Attention.attend(own.get(0), keyValue.get(0), keyValue.get(1), masks.get(g))));
        }
        return layer.finish(x, NDArrays.concat(attended, 0));
    }

    /** The last layer at the rows of EOS only, [B · C, width]: every other row's result would be thrown away. */
    NDArray lastLayer(Layer layer, NDArray x) {
        NDList blocks = blocks(layer.keyValue.of(layer.norm1.of(x))); // each [rows, 2 · width]
        NDArray prefix = heads(layer, blocks.get(0), 2, 1, prefixTokens);
        NDArray end = lastRows.getNDArrayInternal().embedding(lastRows, x, SparseFormat.DENSE).singletonOrThrow();
        NDArray queries = layer.query.of(layer.norm1.of(end));
        long[] counts = sequences.groups().stream().mapToLong(group -> (long) sequences.prefixes() * group.sequences()).toArray();
        NDList queriesByGroup = split(queries, counts);
        NDList attended = new NDList();
        for (int g = 0; g < sequences.groups().size(); g++) {
            PackedSequences.Group group = sequences.groups().get(g);
            NDArray q = heads(layer, queriesByGroup.get(g), 1, group.sequences(), 1); // [1, B, C, heads, 1, d]
            NDList keyValue = afterPrefix(prefix, heads(layer, blocks.get(g + 1), 2, group.sequences(), group.tokens()));
            attended.add(merge(Attention.attend(q, keyValue.get(0), keyValue.get(1), null)));
        }
        return layer.finish(end, stack(attended));
    }

    /** The prefixes' rows, then each group's. */
    private NDList blocks(NDArray x) {
        return x.split(sequences.groupStarts(prefixRows()), 0);
    }

    private static NDList split(NDArray x, long[] counts) {
        if (counts.length == 1) {
            return new NDList(x);
        }
        Arrays.parallelPrefix(counts, Long::sum);
        return x.split(Arrays.copyOf(counts, counts.length - 1), 0);
    }

    /** [B · C · S, kinds · width] to [kinds, B, C, heads, S, d], the kinds being queries, keys and values, or some of them. */
    private NDArray heads(Layer layer, NDArray rows, int kinds, long c, long tokens) {
        return rows.reshape(new Shape(sequences.prefixes(), c, tokens, kinds, layer.shape.heads(), layer.shape.headWidth()))
                .transpose(3, 0, 1, 4, 2, 5);
    }

    /** [3, ..] to the queries [1, ..] and, together, keys and values [2, ..]. */
    private static NDList queriesFromRest(NDArray queriesKeysValues) {
        return queriesKeysValues.split(new long[] {1}, 0);
    }

    /** Keys and values, 2 × [1, B, C, heads, P + S, d]: each sequence's own after those of its prefix. */
    private static NDList afterPrefix(NDArray prefix, NDArray own) {
        Shape p = prefix.getShape();
        NDArray shared = prefix.broadcast(new Shape(p.get(0), p.get(1), own.getShape().get(2), p.get(3), p.get(4), p.get(5)));
        return NDArrays.concat(new NDList(shared, own), 4).split(2, 0);
    }

    /** [1, B, C, heads, S, d] to [B · C · S, width]. */
    private static NDArray merge(NDArray x) {
        Shape s = x.getShape();
        return x.transpose(0, 1, 2, 4, 3, 5).reshape(new Shape(s.get(1) * s.get(2) * s.get(4), s.get(3) * s.get(5)));
    }

    /** Rows below rows. DJL's concat of a single array would be a copy without its graph. */
    private static NDArray stack(NDList blocks) {
        return blocks.size() == 1 ? blocks.get(0) : NDArrays.concat(blocks, 0);
    }
}
