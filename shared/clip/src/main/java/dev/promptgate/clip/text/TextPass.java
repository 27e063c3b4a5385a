package dev.promptgate.clip.text;

/**
 * One forward pass of the prompted text tower that can be differentiated once with respect to the context.
 *
 * <p>Use and close it on the thread that made it: until it is closed it holds the process-wide lock on PyTorch's gradient collector.
 */
public interface TextPass extends AutoCloseable {
    /** L2-normalised text features [classes][dim]. */
    float[][] features();

    /**
     * Vector–Jacobian product: the gradient of a loss with respect to the context.
     *
     * @param lossByFeatures ∂loss/∂features, [classes][dim]
     * @return ∂loss/∂context, row-major [tokens, width]
     * @throws IllegalStateException if called twice
     */
    float[] gradient(float[][] lossByFeatures);

    @Override
    void close();
}
