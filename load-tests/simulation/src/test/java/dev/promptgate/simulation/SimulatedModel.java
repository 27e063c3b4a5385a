package dev.promptgate.simulation;

import dev.promptgate.clip.PromptModel;
import dev.promptgate.clip.text.PromptEncoder;
import dev.promptgate.clip.text.PromptSet;
import java.util.List;
import java.util.stream.IntStream;

/** What the simulated CLIPs have in common: eight classes, and one token of context. */
abstract class SimulatedModel implements PromptModel, PromptEncoder {
    static final String FINGERPRINT = "sha256:" + "5".repeat(64);
    static final List<String> CLASSES = IntStream.range(0, 8).mapToObj(c -> "class-" + c).toList();

    private int trims;

    /** A name's last character says which class it is. */
    @Override
    public final PromptSet prompts(List<String> classNames, int contextTokens) {
        return new PromptSet(classNames, contextTokens,
                classNames.stream().map(name -> new int[] {name.charAt(name.length() - 1) - '0'}).toArray(int[][]::new));
    }

    @Override
    public final boolean hasTokenizer() {
        return true;
    }

    @Override
    public final String fingerprint() {
        return FINGERPRINT;
    }

    @Override
    public final float logitScale() {
        return 20;
    }

    @Override
    public final void trim() {
        trims++;
    }

    /** How often memory was given back. */
    final int trims() {
        return trims;
    }

    @Override
    public final PromptEncoder textEncoder() {
        return this;
    }

    static float[] normalised(float[] vector) {
        double squares = 0;
        for (float element : vector) {
            squares += (double) element * element;
        }
        float[] unit = new float[vector.length];
        for (int i = 0; i < unit.length; i++) {
            unit[i] = (float) (vector[i] / Math.sqrt(squares));
        }
        return unit;
    }
}
