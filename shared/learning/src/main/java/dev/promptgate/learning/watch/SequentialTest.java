package dev.promptgate.learning.watch;

import java.util.Arrays;
import org.apache.commons.lang3.Validate;
import org.apache.commons.math3.stat.StatUtils;

/**
 * An anytime-valid test of a regression on paired images that arrive one by one: testing by betting (Waudby-Smith and Ramdas 2024,
 * "Estimating means of bounded random variables by betting"; Ville 1939). The null hypothesis is that on average the watched prompt loses
 * no more than the allowed drop. A gambler bets a fixed fraction λ of a wealth of 1 on each image against it: W ← W · (1 + λ · (loss − gain
 * − allowed drop)). Under the null the wealth is a non-negative supermartingale, so the probability that it <em>ever</em> reaches 1/α is at
 * most α, however often one looks. The wealth here is the average over several λ, which is one again.
 *
 * <p>Not thread-safe.
 */
public final class SequentialTest {
    /** Fractions of the largest stake that cannot ruin the gambler; small ones are for small drops over many images. */
    private static final double[] STAKES = {0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8};

    /** Where a test stands: the images that the watched prompt won and lost, and one number a stake. */
    public record State(int gained, int lost, double[] logWealth) {}

    /** By outcome (won, same, lost) and stake: the logarithm of what an image multiplies the wealth by. */
    private final double[][] logGrowth = new double[3][STAKES.length];
    private final double[] logWealth;
    private int gained;
    private int lost;

    /** @param allowedDrop a fraction in [0, 1) */
    public SequentialTest(double allowedDrop) {
        this(allowedDrop, new State(0, 0, new double[STAKES.length]));
    }

    /** @throws IllegalArgumentException if the state is none of this test */
    public SequentialTest(double allowedDrop, State state) {
        Validate.isTrue(
                state.logWealth() != null && state.logWealth().length == STAKES.length
                        && Arrays.stream(state.logWealth()).allMatch(Double::isFinite),
                "The state of a sequential test has " + STAKES.length + " finite numbers");
        for (int loss = -1; loss <= 1; loss++) {
            for (int i = 0; i < STAKES.length; i++) {
                logGrowth[loss + 1][i] = Math.log1p(STAKES[i] / (1 + allowedDrop) * (loss - allowedDrop));
            }
        }
        logWealth = state.logWealth().clone();
        gained = state.gained();
        lost = state.lost();
    }

    /** Takes in one image that both prompts answered. */
    public void add(boolean watchedRight, boolean otherRight) {
        int loss = (otherRight ? 1 : 0) - (watchedRight ? 1 : 0);
        gained += loss < 0 ? 1 : 0;
        lost += loss > 0 ? 1 : 0;
        for (int i = 0; i < STAKES.length; i++) {
            logWealth[i] += logGrowth[loss + 1][i];
        }
    }

    /** log of the average wealth: the evidence for a regression. 0 at the start. */
    public double logEvidence() {
        double max = StatUtils.max(logWealth);
        return max + Math.log(Arrays.stream(logWealth).map(w -> Math.exp(w - max)).average().orElseThrow());
    }

    /** Whether a regression beyond the allowed drop is established at error probability α. */
    public boolean isEstablished(double alpha) {
        double needed = -Math.log(alpha);
        return StatUtils.max(logWealth) >= needed && logEvidence() >= needed; // no average is above the highest
    }

    public State state() {
        return new State(gained, lost, logWealth.clone());
    }
}
