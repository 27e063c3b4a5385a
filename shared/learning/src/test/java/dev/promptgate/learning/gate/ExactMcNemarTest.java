package dev.promptgate.learning.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExactMcNemarTest {
    /** Expected: the sum of binomial coefficients over 2^n, by hand. */
    @ParameterizedTest(name = "{0} won, {1} lost: {2}")
    @CsvSource({
            "0, 0, 1",
            "5, 0, 1",
            "0, 1, 0.5",
            "0, 5, 0.03125",
            "1, 4, 0.1875",
            "2, 2, 0.6875",
            "2, 8, 0.0546875"})
    void theProbabilityOfLosingSoMany(int won, int lost, double expected) {
        assertEquals(expected, PairedTest.lossPValue(new PairedOutcomes(10, won, lost, 10)), 1e-12);
    }
}
