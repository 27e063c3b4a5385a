package dev.promptgate.clip.text;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Features first, gradient later, for one context or for several at once: then the features are [contexts · classes][dim] and the
 * gradient [contexts · tokens · width]. With one part the graph of the forward pass is kept; with several, the features are computed
 * without
 * a graph and each part is run again with one when its gradient is asked for, so that memory stays that of one part.
 */
final class GradientPass implements TextPass {
    // DJL allows one open gradient collector per process.
    private static final ReentrantLock COLLECTOR = new ReentrantLock();

    private final Prefix prefix;
    private final List<Context> contexts;
    private final List<Part> parts;
    private final float[][] features;
    private Recording kept;
    private boolean used;
    private boolean closed;

    GradientPass(Prefix prefix, List<Context> contexts, List<Part> parts, int classes) {
        this.prefix = prefix;
        this.contexts = contexts;
        this.parts = parts;
        features = new float[contexts.size() * classes][];
        COLLECTOR.lock();
        try {
            if (parts.size() == 1) {
                kept = new Recording(parts.get(0));
                Prefix.copyRows(kept.output, parts.get(0).rows(), features);
            } else {
                parts.forEach(this::forwardOnly);
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void forwardOnly(Part part) {
        try (NDManager pass = prefix.newPass()) {
            Prefix.copyRows(part.forward().apply(prefix.withContext(prefix.leaf(pass, contexts))), part.rows(), features);
        }
    }

    @Override
    public float[][] features() {
        return features;
    }

    @Override
    public float[] gradient(float[][] lossByFeatures) {
        if (used || closed) {
            throw new IllegalStateException("A text pass is differentiated once, before it is closed");
        }
        used = true;
        float[] sum = new float[contexts.size() * contexts.get(0).values().length];
        for (Part part : parts) {
            try (Recording recording = kept != null ? kept : new Recording(part)) {
                float[] gradient = recording.backward(lossByFeatures, part.rows());
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += gradient[i];
                }
            }
        }
        kept = null;
        return sum;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            try {
                if (kept != null) {
                    kept.close();
                }
            } finally {
                COLLECTOR.unlock();
            }
        }
    }

    /** A forward pass with its graph. */
    private final class Recording implements AutoCloseable {
        private final NDManager pass;
        private final GradientCollector collector;
        private final NDArray leaf;
        private final NDArray output;

        Recording(Part part) {
            pass = prefix.newPass();
            collector = Engine.getEngine("PyTorch").newGradientCollector();
            try {
                leaf = prefix.leaf(pass, contexts);
                leaf.setRequiresGradient(true);
                output = part.forward().apply(prefix.withContext(leaf));
            } catch (RuntimeException e) {
                close();
                throw e;
            }
        }

        float[] backward(float[][] lossByFeatures, int[] rows) {
            int dim = lossByFeatures[0].length;
            float[] flat = new float[rows.length * dim];
            for (int i = 0; i < rows.length; i++) {
                System.arraycopy(lossByFeatures[rows[i]], 0, flat, i * dim, dim);
            }
            NDArray weights = pass.create(flat, new Shape(rows.length, dim)).duplicate().toType(output.getDataType(), false);
            collector.backward(output.mul(weights).sum());
            return leaf.getGradient().toFloatArray();
        }

        @Override
        public void close() {
            try {
                collector.close();
            } finally {
                pass.close();
            }
        }
    }
}
