package dev.promptgate.learning.gate;

import java.util.List;

/**
 * The gate's answer.
 *
 * @param reason one sentence with the figures
 * @param tests what it rests on; those against the live prompt first
 * @param isTested false if there were too few images to let a candidate pass: such a look costs nothing of the error budget
 */
public record Verdict(Outcome outcome, String reason, List<PairedTest> tests, boolean isTested) {
    public enum Outcome {
        PASS, FAIL, INCONCLUSIVE
    }
}
