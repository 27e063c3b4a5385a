package dev.promptgate.benchmarks.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.promptgate.clip.weights.WeightSource;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.SplittableRandom;

/** Random weights of any shape, scaled so that activations stay of order one: the same seed gives the same. */
record RandomWeights(long seed) implements WeightSource {
    @Override
    public NDArray tensor(NDManager manager, String name, Shape shape) {
        SplittableRandom random = new SplittableRandom(seed ^ name.hashCode());
        int size = Math.toIntExact(shape.size());
        FloatBuffer values = ByteBuffer.allocateDirect(size * Float.BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer();
        boolean norm = name.contains("norm") || name.contains("layrnorm");
        double scale = shape.dimension() < 2 ? 0.02 : 1 / Math.sqrt(shape.get(1));
        for (int i = 0; i < size; i++) {
            // Sum of uniforms: close enough to a normal variate, and fast for 150 M weights.
            double noise = (random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5) * 2;
            values.put(i, (float) (noise * scale) + (norm && name.endsWith("weight") ? 1 : 0));
        }
        if (name.equals("logit_scale")) {
            values.put(0, (float) Math.log(100));
        }
        try (NDArray borrowed = manager.create(values, shape)) {
            return borrowed.duplicate();
        }
    }

    @Override
    public void close() {
        // nothing is open
    }
}
