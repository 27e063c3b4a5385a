package dev.promptgate.clip.text;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.promptgate.clip.engine.MatrixUnits;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One forward pass of the prompted text tower that can be differentiated once with respect to the context, or to several at once: then the
 * features are [contexts · classes][dim] and the gradient [contexts · tokens · width]. With one chunk the graph of the forward pass is
 * kept; with several, the features are computed without a graph and each chunk is run again with one when its gradient is asked for, so
 * that memory stays that of one chunk.
 *
 * <p>Use and close it on the thread that made it: until it is closed it holds the process-wide lock on PyTorch's gradient collector.
 */
public final class TextPass implements PromptPass {
    // DJL allows one open gradient collector per process.
    private static final ReentrantLock COLLECTOR = new ReentrantLock();

    private final ContextPrefix prefix;
    private final List<Context> contexts;
    private final List<PromptChunk> chunks;
    private final float[][] features;
    private final MatrixUnits.Region region;
    private Recording kept;
    private boolean used;
    private boolean closed;

    TextPass(ContextPrefix prefix, List<Context> contexts, List<PromptChunk> chunks, int classes) {
        this.prefix = prefix;
        this.contexts = contexts;
        this.chunks = chunks;
        features = new float[contexts.size() * classes][];
        COLLECTOR.lock();
        region = MatrixUnits.float32();
        try {
            if (chunks.size() == 1) {
                kept = new Recording(chunks.get(0));
                ContextPrefix.copyRows(kept.output, chunks.get(0).rows(), features);
            } else {
                chunks.forEach(this::forwardOnly);
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void forwardOnly(PromptChunk chunk) {
        try (NDManager pass = prefix.newPass()) {
            ContextPrefix.copyRows(chunk.forward().apply(prefix.withContext(prefix.leaf(pass, contexts))), chunk.rows(), features);
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
        for (PromptChunk chunk : chunks) {
            try (Recording recording = kept != null ? kept : new Recording(chunk)) {
                float[] gradient = recording.backward(lossByFeatures, chunk.rows());
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
                region.close();
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

        Recording(PromptChunk chunk) {
            pass = prefix.newPass();
            collector = Engine.getEngine("PyTorch").newGradientCollector();
            try {
                leaf = prefix.leaf(pass, contexts);
                leaf.setRequiresGradient(true);
                output = chunk.forward().apply(prefix.withContext(leaf));
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
