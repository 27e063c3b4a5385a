package dev.promptgate.clip.layout;

import ai.djl.ndarray.types.Shape;
import dev.promptgate.clip.config.ClipConfig;
import dev.promptgate.clip.config.ClipConfig.Activation;
import dev.promptgate.clip.config.ClipConfig.TextShape;
import dev.promptgate.clip.config.ClipConfig.TowerShape;
import dev.promptgate.clip.config.ClipConfig.VisionShape;
import dev.promptgate.clip.failure.ModelException;
import dev.promptgate.clip.weights.TensorFile;

/**
 * The configuration that weights in OpenAI's names imply, as OpenAI's {@code build_model} reads it off their shapes; the activation is
 * QuickGELU.
 *
 * @param text what the names of the text tower begin with
 * @param headWidth of the attention, 64 in OpenAI's models
 */
record OpenAiConfig(TensorFile file, String prefix, String text, int headWidth) {
    private static final float EPSILON = 1e-5f;

    /** @throws ModelException if the shapes are not those of a CLIP ViT */
    ClipConfig read() {
        Shape conv = shape(prefix + "visual.conv1.weight", 4); // [width, 3, patch, patch]
        long positions = shape(prefix + "visual.positional_embedding", 2).get(0);
        int grid = (int) Math.round(Math.sqrt(positions - 1.0));
        if (1 + (long) grid * grid != positions) {
            throw new ModelException("The weights hold no CLIP ViT: the patches are no square [positions: %d, file: %s]"
                    .formatted(positions, file.file()));
        }
        Shape tokens = shape(text + "token_embedding.weight", 2);
        int vocabulary = (int) tokens.get(0);
        int patch = (int) conv.get(2);
        return new ClipConfig(
                new TextShape(tower(tokens.get(1), text), vocabulary, (int) shape(text + "positional_embedding", 2).get(0), vocabulary - 2,
                        vocabulary - 1),
                new VisionShape(tower(conv.get(0), prefix + "visual."), Math.multiplyExact(grid, patch), patch),
                (int) shape(text + "text_projection", 2).get(1));
    }

    private TowerShape tower(long width, String before) {
        if (width % headWidth != 0) {
            throw new ModelException("Without a configuration a head is %d wide, which does not divide the width; put open_clip_config.json"
                    .formatted(headWidth) + " beside the weights [width: %d, file: %s]".formatted(width, file.file()));
        }
        String blocks = before + "transformer.resblocks.";
        int layers = 0;
        while (file.names().contains(blocks + layers + ".ln_1.weight")) {
            layers++;
        }
        int mlp = (int) shape(blocks + "0.mlp.c_fc.weight", 2).get(0);
        return new TowerShape((int) width, mlp, layers, (int) width / headWidth, Activation.QUICK_GELU, EPSILON);
    }

    private Shape shape(String name, int dimensions) {
        Shape shape = file.names().contains(name) ? file.shape(name) : null;
        if (shape == null || shape.dimension() != dimensions || shape.size() > Integer.MAX_VALUE) {
            throw new ModelException("The weights hold no CLIP ViT: they lack a tensor, or it has not the shape of one"
                    + " [tensor: %s, dimensions: %d, found: %s, file: %s]".formatted(name, dimensions, shape, file.file()));
        }
        return shape;
    }
}
