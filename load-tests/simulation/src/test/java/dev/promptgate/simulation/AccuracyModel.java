package dev.promptgate.simulation;

import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.PromptPass;
import dev.promptgate.clip.text.PromptSet;
import java.util.SplittableRandom;

/**
 * A CLIP whose contexts say how often they are right: a context is [block, accuracy].
 *
 * <p>An image of class c holds 1 at c, and in each of the blocks behind a draw g of its own, uniform in (0, 1), at every class but c. A
 * context gives class k the text feature cos φ at k, and sin φ at k of its block. So it scores the image's class with cos φ and each other
 * with g sin φ, and is right if g < cot φ, which is its accuracy: among whatever classes, and independently of contexts of other blocks.
 */
final class AccuracyModel extends SimulatedModel {
    static final int BLOCKS = 3;
    private static final int DIM = CLASSES.size() * (1 + BLOCKS);

    private final double handWritten;
    private Runnable work = () -> {};

    /** @param handWritten accuracy of the hand-written prompt */
    AccuracyModel(double handWritten) {
        this.handWritten = handWritten;
    }

    /** Has something done at each pass from now on. */
    void onPass(Runnable doing) {
        work = doing;
    }

    static Context context(int block, double accuracy) {
        return new Context(1, 2, new float[] {block, (float) accuracy});
    }

    /** @param hardBlock contexts of this block get four images in five wrong; −1 for none */
    static float[] image(int ofClass, int hardBlock, SplittableRandom random) {
        float[] image = new float[DIM];
        image[ofClass] = 1;
        for (int block = 1; block <= BLOCKS; block++) {
            float g = block - 1 == hardBlock && random.nextInt(5) > 0 ? 0.999f : (float) random.nextDouble();
            for (int c = 0; c < CLASSES.size(); c++) {
                image[block * CLASSES.size() + c] = c == ofClass ? 0 : g;
            }
        }
        return normalised(image);
    }

    @Override
    public float[][] features(Context context, PromptSet prompts) {
        work.run();
        int block = 1 + (int) context.values()[0];
        double phi = Math.atan(1 / context.values()[1]);
        float[][] features = new float[prompts.size()][DIM];
        for (int i = 0; i < features.length; i++) {
            int of = prompts.suffixes()[i][0];
            features[i][of] = (float) Math.cos(phi);
            features[i][block * CLASSES.size() + of] = (float) Math.sin(phi);
        }
        return features;
    }

    @Override
    public Context contextFrom(String words) {
        return context(0, handWritten);
    }

    @Override
    public PromptPass differentiate(Context context, PromptSet prompts) {
        throw new UnsupportedOperationException("Nothing is learned here");
    }

    @Override
    public int featureDim() {
        return DIM;
    }

    @Override
    public int textWidth() {
        return 2;
    }
}
