package dev.promptgate.learning.loss;

/**
 * A loss that also keeps the text features near those of other prompts: loss + w · (1 − mean over the classes of the cosine between them).
 * KgCoOp (arXiv 2303.13283) with cross-entropy and w = 8. This is what the authors' code computes, trainers/kgcoop.py; the paper writes the
 * mean squared distance of the features, which is 2 · (1 − mean cosine), since they are normalised.
 *
 * @param kept [classes][dim], L2-normalised
 * @param weight w
 */
public record KnowledgeGuided(TextLoss loss, float[][] kept, double weight) implements TextLoss {
    @Override
    public Result at(float[][] text) {
        Result own = loss.at(text);
        float[][] gradient = new float[text.length][];
        double cosines = 0;
        for (int c = 0; c < text.length; c++) {
            cosines += Vectors.dot(text[c], kept[c]);
            gradient[c] = Vectors.plus(own.byTextFeatures()[c], -weight / text.length, kept[c]);
        }
        return new Result(own.loss() + weight * (1 - cosines / text.length), gradient);
    }
}
