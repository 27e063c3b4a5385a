package dev.promptgate.load.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.quicktheories.QuickTheory.qt;
import static org.quicktheories.generators.SourceDSL.doubles;
import static org.quicktheories.generators.SourceDSL.lists;

import dev.promptgate.load.plan.RateProfile.Piece;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.quicktheories.core.Gen;

class RateProfileTest {
    private static Gen<RateProfile> profiles() {
        Gen<Piece> pieces = doubles().between(0.5, 20).zip(doubles().between(0, 80), doubles().between(0, 80), Piece::new);
        return lists().of(pieces).ofSizeBetween(1, 5).map(RateProfile::new);
    }

    /** The integral of the rate, by small steps: what the closed form must agree with. */
    private static double images(RateProfile profile, double until) {
        double images = 0;
        double begin = 0;
        for (Piece piece : profile.pieces()) {
            double part = Math.max(0, Math.min(piece.seconds(), until - begin));
            int steps = 1_000;
            for (int i = 0; i < steps; i++) {
                double at = part * (i + 0.5) / steps;
                images += (piece.from() + (piece.to() - piece.from()) * at / piece.seconds()) * part / steps;
            }
            begin += piece.seconds();
        }
        return images;
    }

    @Test
    void theImageOfANumberIsDueWhenSoManyHaveGoneBefore() {
        qt().withExamples(200).forAll(profiles()).check(profile -> {
            for (long number = 0; number < profile.images(); number += Math.max(1, profile.images() / 20)) {
                if (Math.abs(images(profile, profile.due(number)) - number) > 0.02) {
                    return false;
                }
            }
            return true;
        });
    }

    @Test
    void theScheduleNeverGoesBackAndStaysWithinTheRun() {
        qt().withExamples(200).forAll(profiles()).check(profile -> {
            double last = 0;
            for (long number = 0; number < profile.images(); number++) {
                double due = profile.due(number);
                if (due < last || due > profile.seconds()) {
                    return false;
                }
                last = due;
            }
            return true;
        });
    }

    @Test
    void aSteadyRateIsEven() {
        RateProfile profile = new RateProfile(List.of(new Piece(10, 50, 50)));
        assertEquals(500, profile.images());
        assertEquals(2.0, profile.due(100), 1e-9);
        assertEquals(0.02, profile.due(101) - profile.due(100), 1e-9);
    }

    @Test
    void aRampSendsHalfOfWhatItsEndWould() {
        RateProfile profile = new RateProfile(List.of(new Piece(10, 0, 50), new Piece(10, 50, 50)));
        assertEquals(750, profile.images());
        assertEquals(10.0, profile.due(250), 1e-9);
        assertEquals(Math.sqrt(0.5) * 10, profile.due(125), 1e-9);
    }

    @Test
    void burstsAreFiveTimesTheRate() {
        RateProfile profile = Scenario.BURST.plan(10, 40, 0, 0, 0, 0, 0, 1).rate();
        assertEquals(2 * (15 * 10 + 5 * 50), profile.images());
        assertEquals(15.0, profile.due(150), 1e-9);
        assertEquals(16.0, profile.due(200), 1e-9);
    }

    @Test
    void nonsenseIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Piece(0, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new Piece(1, -1, 1));
        assertThrows(IllegalArgumentException.class, () -> Scenario.STEADY.plan(1e6, 3_600, 5, 0, 0, 0, 0, 1)); // more than is accounted
                                                                                                                // for in memory
        assertThrows(IllegalArgumentException.class, () -> Scenario.SOAK.plan(1, 1e6, 5, 0, 0, 0, 0, 1));
    }
}
