package dev.promptgate.clip.transformer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import dev.promptgate.clip.config.ClipConfig.VisionShape;
import dev.promptgate.clip.transformer.Layer.Norm;
import dev.promptgate.clip.weights.LoadedWeights;
import java.util.List;

/** CLIP's vision transformer. Stateless and thread-safe; intermediate arrays attach to the pixels' manager. */
public final class ImageTower {
    private final VisionShape shape;
    private final NDArray patchEmbedding; // [width, 3·patch·patch]
    private final NDArray classEmbedding; // [1, 1, width]
    private final NDArray positionEmbedding; // [1 + patches, width]
    private final Norm preNorm;
    private final Norm postNorm;
    private final NDArray projection; // [dim, width]
    private final List<Layer> layers;

    public ImageTower(VisionShape shape, int featureDim, LoadedWeights weights) {
        this.shape = shape;
        int width = shape.tower().width();
        int patch = shape.patchSize();
        NDArray kernel = weights.get("vision_model.embeddings.patch_embedding.weight", new Shape(width, 3, patch, patch));
        patchEmbedding = weights.own(kernel.reshape(new Shape(width, 3L * patch * patch)));
        classEmbedding = weights
                .own(weights.get("vision_model.embeddings.class_embedding", new Shape(width)).reshape(new Shape(1, 1, width)));
        positionEmbedding = weights.get("vision_model.embeddings.position_embedding.weight",
                new Shape(1L + shape.grid() * shape.grid(), width));
        // Hugging Face's name for the norm before the layers really is spelled so.
        preNorm = Norm.read(weights, "vision_model.pre_layrnorm", shape.tower());
        layers = Layer.all(weights, "vision_model", shape.tower());
        postNorm = Norm.read(weights, "vision_model.post_layernorm", shape.tower());
        projection = weights.get("visual_projection.weight", new Shape(featureDim, width));
    }

    /** Normalised image features [images, dim] of preprocessed pixels [images, 3, size, size]. */
    public NDArray features(NDArray pixels) {
        long b = pixels.getShape().get(0);
        long grid = shape.grid();
        long patch = shape.patchSize();
        long width = shape.tower().width();
        // A convolution whose stride is its kernel is a matrix product over the patches.
        NDArray patches = pixels.reshape(new Shape(b, 3, grid, patch, grid, patch)).transpose(0, 2, 4, 1, 3, 5)
                .reshape(new Shape(b * grid * grid, 3 * patch * patch));
        NDArray embedded = Layer.linear(patches, patchEmbedding, null).reshape(new Shape(b, grid * grid, width));
        // The class token is copied onto the pass's manager first: results attach to the manager of the first operand.
        NDArray classToken = pixels.getManager().zeros(new Shape(b, 1, width), pixels.getDataType()).add(classEmbedding);
        NDArray tokens = NDArrays.concat(new NDList(classToken, embedded), 1).add(positionEmbedding); // [b, 1 + patches, width]
        long length = 1 + grid * grid;
        NDArray x = preNorm.of(tokens).reshape(new Shape(b * length, width));
        for (Layer layer : layers.subList(0, layers.size() - 1)) {
            x = layer(layer, x, b);
        }
        NDArray classTokens = lastLayer(layers.get(layers.size() - 1), x, b, length);
        return Layer.linear(postNorm.of(classTokens), projection, null).normalize(2, 1);
    }

    /** One layer; what it computes on the way, and {@code x}, are freed, so that a batch needs the memory of one layer, not of all. */
    private static NDArray layer(Layer layer, NDArray x, long b) {
        NDManager pass = x.getManager();
        try (NDManager scratch = pass.newSubManager()) {
            x.attach(scratch);
            NDList qkv = layer.qkv.of(layer.norm1.of(x)).split(3, 1);
            NDArray next = layer.finish(x, Attention.byHeads(qkv.get(0), qkv.get(1), qkv.get(2), b, layer.shape.heads(), null));
            next.attach(pass);
            return next;
        }
    }

    /** The last layer, at the class token only: [b, width]. */
    private static NDArray lastLayer(Layer layer, NDArray x, long b, long length) {
        NDArray normed = layer.norm1.of(x);
        NDList kv = layer.keyValue.of(normed).split(2, 1);
        NDArray q = layer.query.of(classRows(normed, b, length));
        return layer.finish(classRows(x, b, length), Attention.byHeads(q, kv.get(0), kv.get(1), b, layer.shape.heads(), null));
    }

    private static NDArray classRows(NDArray x, long b, long length) {
        return x.reshape(new Shape(b, length, x.getShape().get(1))).get(new NDIndex(":, 0"));
    }
}
