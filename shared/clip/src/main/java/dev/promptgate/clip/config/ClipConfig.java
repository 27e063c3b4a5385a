package dev.promptgate.clip.config;

import dev.promptgate.clip.failure.ModelException;

/** The shape of a CLIP ViT, in whatever layout its files are; {@code featureDim} is the width of the joint space. */
public record ClipConfig(TextShape text, VisionShape vision, int featureDim) {
    /** The activation of the feed-forward layers. */
    public enum Activation {
        /** x · σ(1.702 x), as OpenAI's weights were trained. */
        QUICK_GELU,
        /** x · Φ(x), with the exact error function. */
        GELU,
        /** x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))). */
        TANH_GELU
    }

    /** A stack of pre-norm transformer layers; {@code width} is the hidden size, {@code mlpWidth} that of the feed-forward layer. */
    public record TowerShape(int width, int mlpWidth, int layers, int heads, Activation activation, float epsilon) {
        /** @throws ModelException if a size is not positive or the heads do not divide the width */
        public TowerShape {
            if (width < 1 || mlpWidth < 1 || layers < 1 || heads < 1 || width % heads != 0) {
                throw new ModelException(
                        "The model's configuration describes no transformer: sizes must be positive and heads divide the width"
                                + " [width: %d, mlp: %d, layers: %d, heads: %d]".formatted(width, mlpWidth, layers, heads));
            }
        }

        public int headWidth() {
            return width / heads;
        }
    }

    /** The text tower; {@code maxTokens} is 77 in every published CLIP. */
    public record TextShape(TowerShape tower, int vocabulary, int maxTokens, int bosId, int eosId) {
        /** @throws ModelException if a prompt cannot begin and end, or its ends have no embedding */
        public TextShape {
            if (maxTokens < 2 || Math.min(bosId, eosId) < 0 || Math.max(bosId, eosId) >= vocabulary) {
                throw new ModelException("The model's configuration is wrong: BOS and EOS must lie within the vocabulary and fit a prompt"
                        + " [vocabulary: %d, bos: %d, eos: %d, tokens: %d]".formatted(vocabulary, bosId, eosId, maxTokens));
            }
        }
    }

    /** The image tower; sizes in pixels. */
    public record VisionShape(TowerShape tower, int imageSize, int patchSize) {
        /** @throws ModelException if the patches do not tile the image */
        public VisionShape {
            if (imageSize < 1 || patchSize < 1 || imageSize % patchSize != 0) {
                throw new ModelException(
                        "The model's configuration is wrong: patch_size must divide image_size [image_size: %d, patch_size: %d]"
                                .formatted(imageSize, patchSize));
            }
        }

        public int grid() {
            return imageSize / patchSize;
        }
    }
}
