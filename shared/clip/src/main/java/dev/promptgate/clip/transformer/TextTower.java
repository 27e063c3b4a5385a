package dev.promptgate.clip.transformer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import dev.promptgate.clip.config.ClipConfig.TextShape;
import dev.promptgate.clip.transformer.Layer.Norm;
import dev.promptgate.clip.weights.LoadedWeights;
import java.util.List;
import java.util.stream.LongStream;

/**
 * CLIP's causal text transformer (Radford et al. 2021), computed two ways that give the same features:
 *
 * <p>{@link #packed}: a prefix {@code [SOS] v1 … vN} runs once and all sequences attend to its keys and values; each sequence holds only
 * its own tokens up to EOS (the tower is causal, what follows cannot matter); the last layer computes only the EOS rows. Several prefixes,
 * each before all the sequences, go through in one pass.
 *
 * <p>{@link #padded}: every sequence with its own prefix, padded to the full 77 tokens, as published code bases do: the reference.
 *
 * <p>Stateless and thread-safe. All intermediate arrays attach to the manager of the prefix that is passed in.
 */
public final class TextTower {
    private final TextShape shape;
    private final NDArray tokenEmbedding; // [vocabulary, width]
    private final NDArray positionEmbedding; // [77, width]
    private final Norm finalNorm;
    private final NDArray projection; // [dim, width]
    private final List<Layer> layers;

    public TextTower(TextShape shape, int featureDim, LoadedWeights weights) {
        this.shape = shape;
        int width = shape.tower().width();
        tokenEmbedding = weights.get("text_model.embeddings.token_embedding.weight", new Shape(shape.vocabulary(), width));
        positionEmbedding = weights.get("text_model.embeddings.position_embedding.weight", new Shape(shape.maxTokens(), width));
        layers = Layer.all(weights, "text_model", shape.tower());
        finalNorm = Norm.read(weights, "text_model.final_layer_norm", shape.tower());
        projection = weights.get("text_projection.weight", new Shape(featureDim, width));
    }

    /** The embeddings of token ids, [ids, width], without positions. */
    public NDArray embed(NDManager manager, long[] ids) {
        return rows(tokenEmbedding, manager, ids);
    }

    private static NDArray rows(NDArray table, NDManager manager, long[] indices) {
        NDArray owned = manager.create(indices).duplicate();
        return owned.getNDArrayInternal().embedding(owned, table, SparseFormat.DENSE).singletonOrThrow();
    }

    private NDArray positions(NDManager manager, int count) {
        return rows(positionEmbedding, manager, LongStream.range(0, count).toArray());
    }

    /**
     * Normalised text features [sequences, dim] in packed order.
     *
     * @param prefixes embeddings [B, P, width] of {@code [SOS] v1 … vN}, without positions; the graph starts here
     * @param sequences what follows each prefix in each text, EOS last
     */
    public NDArray packed(NDArray prefixes, PackedSequences sequences) {
        NDManager manager = prefixes.getManager();
        int p = (int) prefixes.getShape().get(1);
        NDArray own = embed(manager, sequences.tokenIds()).add(rows(positionEmbedding, manager, sequences.positions(p)));
        NDArray placed = prefixes.add(positions(manager, p)).reshape(new Shape(-1, shape.tower().width()));
        NDArray x = NDArrays.concat(new NDList(placed, own), 0); // [B · P + total, width]
        PackedPass pass = new PackedPass(sequences, p, x);
        for (Layer layer : layers.subList(0, layers.size() - 1)) {
            x = pass.layer(layer, x);
        }
        return project(pass.lastLayer(layers.get(layers.size() - 1), x));
    }

    /** The reference: normalised text features [sequences, dim] over 77 padded tokens, in the order given, after one prefix. */
    public NDArray padded(NDArray prefix, int[][] sequences) {
        NDManager manager = prefix.getManager();
        int c = sequences.length;
        int p = (int) prefix.getShape().get(1);
        int length = shape.maxTokens();
        int width = shape.tower().width();
        long[] ids = new long[c * (length - p)]; // 0 pads, as CLIP's own tokenizer does
        long[] ends = new long[c];
        for (int i = 0; i < c; i++) {
            for (int t = 0; t < sequences[i].length; t++) {
                ids[i * (length - p) + t] = sequences[i][t];
            }
            ends[i] = (long) i * length + p + sequences[i].length - 1;
        }
        NDArray suffix = embed(manager, ids).reshape(new Shape(c, length - p, width));
        NDArray tokens = NDArrays.concat(new NDList(prefix.broadcast(new Shape(c, p, width)), suffix), 1);
        NDArray x = tokens.add(positions(manager, length)).reshape(new Shape((long) c * length, width));
        NDArray mask = Attention.causalMask(manager, 0, length, x.getDataType());
        for (Layer layer : layers) {
            NDList qkv = layer.qkv.of(layer.norm1.of(x)).split(3, 1);
            x = layer.finish(x, Attention.byHeads(qkv.get(0), qkv.get(1), qkv.get(2), c, shape.tower().heads(), mask));
        }
        return project(x.get(manager.create(ends).duplicate()));
    }

    private NDArray project(NDArray endRows) {
        return Layer.linear(finalNorm.of(endRows), projection, null).normalize(2, 1);
    }
}
