package dev.promptgate.clip.text;

/**
 * The learnable prompt vectors v1 … vN (CoOp's context), shared by all classes.
 *
 * @param tokens N, the number of vectors
 * @param width the text tower's width
 * @param values row-major [tokens, width]; the array itself, not a copy: treat it as read-only
 */
public record Context(int tokens, int width, float[] values) {
    /** @throws IllegalArgumentException if the number of values is not tokens × width */
    public Context {
        if (tokens < 1 || width < 1 || values.length != tokens * width) {
            throw new IllegalArgumentException("A context needs tokens × width values [tokens: %d, width: %d, values: %d]"
                    .formatted(tokens, width, values.length));
        }
    }

    /** A context of the same shape with other values. */
    public Context withValues(float[] newValues) {
        return new Context(tokens, width, newValues);
    }

    /** Whether every value is a finite number. */
    public boolean isFinite() {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }
}
