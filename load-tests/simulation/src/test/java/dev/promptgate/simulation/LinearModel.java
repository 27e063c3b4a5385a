package dev.promptgate.simulation;

import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.PromptPass;
import dev.promptgate.clip.text.PromptSet;
import java.util.SplittableRandom;

/** A CLIP that can be learned on: the text feature of class c is e_c plus the context, normalised, and its images lie about e_c. */
final class LinearModel extends SimulatedModel {
    private static final int DIM = CLASSES.size();

    private final float rounding;
    private Runnable work = () -> {};

    /** @param rounding what is added to each element of a text feature, next to nothing */
    LinearModel(float rounding) {
        this.rounding = rounding;
    }

    /** Has something done at each pass forward and back from now on. */
    void onStep(Runnable doing) {
        work = doing;
    }

    static float[] image(int ofClass, SplittableRandom random) {
        float[] image = new float[DIM];
        for (int i = 0; i < DIM; i++) {
            image[i] = (float) (random.nextDouble() - 0.5);
        }
        image[ofClass] += 1;
        return normalised(image);
    }

    @Override
    public Context contextFrom(String words) {
        float[] values = new float[DIM];
        values[0] = 0.5f;
        return new Context(1, DIM, values);
    }

    @Override
    public float[][] features(Context context, PromptSet prompts) {
        float[][] features = new float[prompts.size()][];
        for (int i = 0; i < features.length; i++) {
            float[] sum = sum(context, prompts.suffixes()[i][0]);
            for (int j = 0; j < DIM; j++) {
                sum[j] += rounding;
            }
            features[i] = normalised(sum);
        }
        return features;
    }

    private static float[] sum(Context context, int ofClass) {
        float[] sum = context.values().clone();
        sum[ofClass] += 1;
        return sum;
    }

    @Override
    public PromptPass differentiate(Context context, PromptSet prompts) {
        work.run();
        float[][] features = features(context, prompts);
        return new PromptPass() {
            @Override
            public float[][] features() {
                return features;
            }

            /** Of t = s / |s|, s = e_c + v: ∂loss/∂v = (g − (g · t) t) / |s|, summed over the classes. */
            @Override
            public float[] gradient(float[][] lossByFeatures) {
                float[] gradient = new float[DIM];
                for (int c = 0; c < features.length; c++) {
                    int ofClass = prompts.suffixes()[c][0];
                    float length = sum(context, ofClass)[ofClass] / features[c][ofClass];
                    float along = 0;
                    for (int i = 0; i < DIM; i++) {
                        along += lossByFeatures[c][i] * features[c][i];
                    }
                    for (int i = 0; i < DIM; i++) {
                        gradient[i] += (lossByFeatures[c][i] - along * features[c][i]) / length;
                    }
                }
                return gradient;
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public int featureDim() {
        return DIM;
    }

    @Override
    public int textWidth() {
        return DIM;
    }
}
