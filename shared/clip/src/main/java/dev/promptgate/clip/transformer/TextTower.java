package dev.promptgate.clip.transformer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import dev.promptgate.clip.ClipConfig.TextShape;
import dev.promptgate.clip.weights.LoadedWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * CLIP's causal text transformer (Radford et al. 2021), computed two ways that give the same features:
 *
 * <ul>
 *   <li>{@link #packed}: the prefix {@code [SOS] v1 … vN} runs once and all sequences attend to its keys and values; each sequence holds
 *       only its own tokens up to EOS (the tower is causal, what follows cannot matter); the last layer computes only the EOS rows.
 *   <li>{@link #padded}: every sequence with its own prefix, padded to the full 77 tokens, as published code bases do: the reference.
 * </ul>
 *
 * Stateless and thread-safe. All intermediate arrays attach to the manager of the prefix that is passed in.
 */
public final class TextTower {
    private final TextShape shape;
    private final NDArray tokenEmbedding; // [vocabulary, width]
    private final NDArray positionEmbedding; // [77, width]
    private final NDArray finalNormWeight;
    private final NDArray finalNormBias;
    private final NDArray projection; // [dim, width]
    private final List<Layer> layers = new ArrayList<>();

    /** Reads the tower's tensors. */
    public TextTower(TextShape shape, int featureDim, LoadedWeights weights) {
        this.shape = shape;
        int width = shape.tower().width();
        tokenEmbedding = weights.get("text_model.embeddings.token_embedding.weight", new Shape(shape.vocabulary(), width));
        positionEmbedding = weights.get("text_model.embeddings.position_embedding.weight", new Shape(shape.maxTokens(), width));
        for (int i = 0; i < shape.tower().layers(); i++) {
            layers.add(new Layer(shape.tower(), new LayerWeights(weights, "text_model.encoder.layers." + i + ".", shape.tower())));
        }
        finalNormWeight = weights.get("text_model.final_layer_norm.weight", new Shape(width));
        finalNormBias = weights.get("text_model.final_layer_norm.bias", new Shape(width));
        projection = weights.get("text_projection.weight", new Shape(featureDim, width));
    }

    /** The embeddings of token ids, [ids, width], without positions. */
    public NDArray embed(NDManager manager, long[] ids) {
        NDArray indices = manager.create(ids).duplicate();
        return indices.getNDArrayInternal().embedding(indices, tokenEmbedding, SparseFormat.DENSE).singletonOrThrow();
    }

    private NDArray positions(NDManager manager, long[] places) {
        NDArray indices = manager.create(places).duplicate();
        return indices.getNDArrayInternal().embedding(indices, positionEmbedding, SparseFormat.DENSE).singletonOrThrow();
    }

    private static long[] range(int from, int to) {
        return LongStream.range(from, to).toArray();
    }

    /**
     * Normalised text features [sequences, dim] in packed order.
     *
     * @param prefix embeddings [P, width] of {@code [SOS] v1 … vN}, without positions; the graph starts here
     * @param sequences what follows the prefix in each text, EOS last
     */
    public NDArray packed(NDArray prefix, PackedSequences sequences) {
        NDManager manager = prefix.getManager();
        int p = (int) prefix.getShape().get(0);
        NDArray own = embed(manager, sequences.tokenIds()).add(positions(manager, sequences.positions(p)));
        NDArray x = NDArrays.concat(new NDList(prefix.add(positions(manager, range(0, p))), own), 0); // [P + total, width]
        NDArray prefixMask = CausalMask.create(manager, 0, p, x.getDataType());
        List<NDArray> masks = sequences.groups().stream()
                .map(group -> CausalMask.create(manager, p, group.tokens(), prefix.getDataType())).toList();
        for (Layer layer : layers.subList(0, layers.size() - 1)) {
            x = packedLayer(layer, x, p, sequences, prefixMask, masks);
        }
        return project(lastPackedLayer(layers.get(layers.size() - 1), x, p, sequences));
    }

    private static NDArray packedLayer(Layer layer, NDArray x, int p, PackedSequences sequences, NDArray prefixMask, List<NDArray> masks) {
        int heads = layer.shape.heads();
        NDList qkv = Layer.linear(layer.norm1(x), layer.qkvWeight, layer.qkvBias).split(3, 1); // 3 × [P + total, width]
        NDList q = rows(qkv.get(0), p, sequences);
        NDList k = rows(qkv.get(1), p, sequences);
        NDList v = rows(qkv.get(2), p, sequences);
        NDArray prefixKeys = Attention.splitHeads(k.get(0), 1, p, heads); // [1, heads, P, d]
        NDArray prefixValues = Attention.splitHeads(v.get(0), 1, p, heads);
        NDList attended = new NDList();
        attended.add(Attention.mergeHeads(
                Attention.attend(Attention.splitHeads(q.get(0), 1, p, heads), prefixKeys, prefixValues, prefixMask)));
        for (int g = 0; g < sequences.groups().size(); g++) {
            PackedSequences.Group group = sequences.groups().get(g);
            NDArray queries = Attention.splitHeads(q.get(g + 1), group.sequences(), group.tokens(), heads); // [C, heads, S, d]
            attended.add(Attention.mergeHeads(Attention.attend(queries, withPrefix(prefixKeys, k.get(g + 1), group, heads),
                    withPrefix(prefixValues, v.get(g + 1), group, heads), masks.get(g))));
        }
        return layer.finish(x, NDArrays.concat(attended, 0));
    }

    /** The last layer, at the EOS rows only: every other row's result would be thrown away. */
    private static NDArray lastPackedLayer(Layer layer, NDArray x, int p, PackedSequences sequences) {
        int heads = layer.shape.heads();
        NDArray normed = layer.norm1(x);
        NDList kv = Layer.linear(normed, layer.keyValueWeight, layer.keyValueBias).split(2, 1); // 2 × [P + total, width]
        NDList k = rows(kv.get(0), p, sequences);
        NDList v = rows(kv.get(1), p, sequences);
        NDArray prefixKeys = Attention.splitHeads(k.get(0), 1, p, heads);
        NDArray prefixValues = Attention.splitHeads(v.get(0), 1, p, heads);
        NDArray queries = Layer.linear(endRows(normed, p, sequences), layer.queryWeight, layer.queryBias); // [C, width]
        NDList queriesByGroup = rows(queries, 0, sequences.groups().stream().mapToLong(PackedSequences.Group::sequences).toArray());
        NDList attended = new NDList();
        for (int g = 0; g < sequences.groups().size(); g++) {
            PackedSequences.Group group = sequences.groups().get(g);
            NDArray q = Attention.splitHeads(queriesByGroup.get(g), group.sequences(), 1, heads); // [C, heads, 1, d]
            attended.add(Attention.mergeHeads(Attention.attend(q, withPrefix(prefixKeys, k.get(g + 1), group, heads),
                    withPrefix(prefixValues, v.get(g + 1), group, heads), null)));
        }
        return layer.finish(endRows(x, p, sequences), stack(attended));
    }

    /** Keys or values [C, heads, P + S, d] of a group: the shared prefix's before each sequence's own. */
    private static NDArray withPrefix(NDArray prefix, NDArray own, PackedSequences.Group group, int heads) {
        Shape s = prefix.getShape();
        NDArray shared = prefix.broadcast(new Shape(group.sequences(), s.get(1), s.get(2), s.get(3)));
        return NDArrays.concat(new NDList(shared, Attention.splitHeads(own, group.sequences(), group.tokens(), heads)), 2);
    }

    /** The prefix's rows, then each group's. */
    private static NDList rows(NDArray x, int p, PackedSequences sequences) {
        return rows(x, p, sequences.groups().stream().mapToLong(g -> (long) g.sequences() * g.tokens()).toArray());
    }

    private static NDList rows(NDArray x, int first, long[] counts) {
        List<Long> cuts = new ArrayList<>();
        long at = first;
        if (first > 0) {
            cuts.add(at);
        }
        for (int i = 0; i < counts.length - 1; i++) {
            at += counts[i];
            cuts.add(at);
        }
        return cuts.isEmpty() ? new NDList(x) : x.split(cuts.stream().mapToLong(Long::longValue).toArray(), 0);
    }

    /** The EOS rows [C, width]: the last of each sequence. */
    private static NDArray endRows(NDArray x, int p, PackedSequences sequences) {
        NDList byGroup = rows(x, p, sequences);
        NDList ends = new NDList();
        for (int g = 0; g < sequences.groups().size(); g++) {
            PackedSequences.Group group = sequences.groups().get(g);
            NDArray tokens = byGroup.get(g + 1).reshape(new Shape(group.sequences(), group.tokens(), x.getShape().get(1)));
            ends.add(tokens.get(new NDIndex(":, {}", group.tokens() - 1)));
        }
        return stack(ends);
    }

    /** Rows below rows. DJL's concat of a single array would be a copy without its graph. */
    private static NDArray stack(NDList blocks) {
        return blocks.size() == 1 ? blocks.get(0) : NDArrays.concat(blocks, 0);
    }

    /**
     * The reference: normalised text features [sequences, dim] over 77 padded tokens, in the order given.
     *
     * @param prefix as in {@link #packed}
     */
    public NDArray padded(NDArray prefix, int[][] sequences) {
        NDManager manager = prefix.getManager();
        int c = sequences.length;
        int p = (int) prefix.getShape().get(0);
        int length = shape.maxTokens();
        int width = shape.tower().width();
        int heads = shape.tower().heads();
        long[] ids = new long[c * (length - p)]; // 0 pads, as CLIP's own tokenizer does
        long[] ends = new long[c];
        for (int i = 0; i < c; i++) {
            for (int t = 0; t < sequences[i].length; t++) {
                ids[i * (length - p) + t] = sequences[i][t];
            }
            ends[i] = (long) i * length + p + sequences[i].length - 1;
        }
        NDArray suffix = embed(manager, ids).reshape(new Shape(c, length - p, width));
        NDArray tokens = NDArrays.concat(new NDList(prefix.reshape(new Shape(1, p, width)).broadcast(new Shape(c, p, width)), suffix), 1);
        NDArray x = tokens.add(positions(manager, range(0, length))).reshape(new Shape((long) c * length, width));
        NDArray mask = CausalMask.create(manager, 0, length, x.getDataType());
        for (Layer layer : layers) {
            NDList qkv = Layer.linear(layer.norm1(x), layer.qkvWeight, layer.qkvBias).split(3, 1);
            NDArray attended = Attention.attend(Attention.splitHeads(qkv.get(0), c, length, heads),
                    Attention.splitHeads(qkv.get(1), c, length, heads), Attention.splitHeads(qkv.get(2), c, length, heads), mask);
            x = layer.finish(x, Attention.mergeHeads(attended));
        }
        return project(x.get(manager.create(ends).duplicate()));
    }

    private NDArray project(NDArray endRows) {
        NDArray normed = Layer.norm(endRows, finalNormWeight, finalNormBias, shape.tower().epsilon());
        return Layer.linear(normed, projection, null).normalize(2, 1);
    }
}
