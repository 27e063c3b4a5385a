package dev.promptgate.clip.text;

/** One forward pass of prompts that can be differentiated once with respect to the context. Whoever asks for it closes it. */
public interface PromptPass extends AutoCloseable {
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
