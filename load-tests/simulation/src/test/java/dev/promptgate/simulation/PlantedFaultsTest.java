package dev.promptgate.simulation;

import static org.junit.jupiter.api.Assertions.fail;

import dev.promptgate.simulation.Invariant.BrokenException;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Services with a mistake at one seam, which some seed soon gives away, by the invariant that it breaks. */
class PlantedFaultsTest {
    private static final int MOST_SEEDS = 100;

    private static Stream<Fault> ofEvaluators() {
        return Arrays.stream(Fault.values()).filter(fault -> fault.ofEvaluator.isPresent());
    }

    private static Stream<Fault> ofLearners() {
        return Arrays.stream(Fault.values()).filter(fault -> fault.ofLearner.isPresent());
    }

    @ParameterizedTest
    @MethodSource("ofEvaluators")
    void someSeedTellsTheFaultOfAnEvaluator(Fault fault) throws Exception {
        EvaluatorSimulationTest simulation = new EvaluatorSimulationTest();
        requireFound("evaluator", fault, fault.ofEvaluator, seed -> {
            simulation.live(seed, fault);
            simulation.errors().requireAsPromised();
        });
    }

    @ParameterizedTest
    @MethodSource("ofLearners")
    void someSeedTellsTheFaultOfALearner(Fault fault) throws Exception {
        requireFound("learner", fault, fault.ofLearner, seed -> new LearnerSimulationTest().live(seed, fault));
    }

    private static void requireFound(String service, Fault fault, Optional<Invariant> by, Seeds.Life life) throws Exception {
        for (int seed = 1; seed <= MOST_SEEDS; seed++) {
            try {
                life.live(seed);
            } catch (BrokenException e) {
                if (Optional.of(e.invariant).equals(by)) {
                    System.out.printf("simulation: %s %s: seed %d, %s%n", service, fault, seed, e.getMessage());
                    return;
                }
            }
        }
        fail("not found in %d seeds by %s".formatted(MOST_SEEDS, by));
    }
}
