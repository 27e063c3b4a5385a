package dev.promptgate.experiments.method.cocoop;

import dev.promptgate.clip.text.Context;
import java.util.Arrays;
import java.util.List;

/**
 * A context that depends on the image, v_n(x) = v_n + π(x) (CoCoOp, arXiv 2203.05557, section 3.2), as a function of the flat parameters
 * {@code [v1 … vN | W1 | b1 | W2 | b2]}. Of the shape only the shape matters, not the values. Immutable.
 */
public record ConditionalContext(Context shape, MetaNet net) {
    /** v as given, and a freshly drawn meta-net. */
    static float[] start(Context v, MetaNet net, long seed) {
        float[] parameters = Arrays.copyOf(v.values(), v.values().length + net.size());
        net.initialise(parameters, v.values().length, seed);
        return parameters;
    }

    int size() {
        return offset() + net.size();
    }

    private int offset() {
        return shape.values().length;
    }

    /** The contexts of images [images][dim], L2-normalised. */
    List<Context> of(float[] parameters, float[][] images) {
        return Arrays.stream(images).map(image -> of(parameters, image)).toList();
    }

    private Context of(float[] parameters, float[] image) {
        float[] shift = net.shift(parameters, offset(), image);
        float[] values = Arrays.copyOf(parameters, offset());
        for (int i = 0; i < values.length; i++) {
            values[i] += shift[i % shift.length];
        }
        return shape.withValues(values);
    }

    /** Adds ∂loss/∂parameters to {@code gradient}, given ∂loss/∂v(image) [tokens · width]. */
    void backward(float[] parameters, float[] image, float[] byContext, float[] gradient) {
        float[] byShift = new float[shape.width()];
        for (int i = 0; i < byContext.length; i++) {
            gradient[i] += byContext[i];
            byShift[i % byShift.length] += byContext[i];
        }
        net.backward(parameters, offset(), image, byShift, gradient);
    }
}
