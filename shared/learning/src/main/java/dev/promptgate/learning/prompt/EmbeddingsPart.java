package dev.promptgate.learning.prompt;

import dev.promptgate.learning.prompt.ClassEmbeddings.Source;
import java.util.List;

/**
 * A record of {@code class-embeddings}: some of the classes of a set, all of which are needed.
 *
 * @param index from 0, below {@link SetId#parts}
 * @param textFeatures [classes][dim], L2-normalised
 */
public record EmbeddingsPart(SetId set, int index, List<String> classes, float[][] textFeatures) {
    /**
     * What all parts of a set have in common, and no other set has.
     *
     * @param digest {@code sha256:…} over names and features of the whole set, see {@link EmbeddingsCodec}
     */
    public record SetId(Source source, EmbeddingType type, String digest, int parts, int dim) {}
}
