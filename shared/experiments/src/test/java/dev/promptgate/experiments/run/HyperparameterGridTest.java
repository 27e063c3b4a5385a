package dev.promptgate.experiments.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.promptgate.experiments.method.TrainingSettings;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HyperparameterGridTest {
    private static List<ComparedMethod> over(List<String> grid, String... methods) {
        return HyperparameterGrid.of(grid).over(Stream.of(methods).map(ComparedMethod::named).toList());
    }

    @Test
    void aMethodStandsAtEachCombinationOfWhatItHas() {
        List<ComparedMethod> points = over(List.of("rho=0.05,1", "lower-bound=0,0.5"), "zero-shot", "coop", "scoop", "gcscoop");
        assertEquals(List.of("zero-shot", "coop", "scoop-rho-0.05", "scoop-rho-1", "gcscoop-rho-0.05-lower-bound-0",
                "gcscoop-rho-0.05-lower-bound-0.5", "gcscoop-rho-1-lower-bound-0", "gcscoop-rho-1-lower-bound-0.5"),
                points.stream().map(ComparedMethod::name).toList());
        assertEquals("GCSCoOp, ρ 1, β1 0.5", points.get(7).title());
        assertEquals("ρ = 1, β1 = 0.5, β2 = 0.8", points.get(7).settings());
    }

    @Test
    void whatAMethodRefusesIsLeftOut() {
        assertEquals(List.of("gcscoop-lower-bound-0.5-upper-bound-0.8"),
                over(List.of("lower-bound=0.5,0.9", "upper-bound=0.8"), "gcscoop").stream().map(ComparedMethod::name).toList());
        assertEquals("The method takes none of these values together [method: gcscoop, values: [lower-bound=[0.9]]]",
                assertThrows(IllegalArgumentException.class, () -> over(List.of("lower-bound=0.9"), "gcscoop")).getMessage());
    }

    @Test
    void everyMethodOfTheCatalogueHasTheClassesOfAStep() {
        List<ComparedMethod> points = over(List.of("classes-per-step=0,16"), "zero-shot", "kgcoop", "cocoop");
        assertEquals(List.of("zero-shot", "kgcoop-classes-per-step-0", "kgcoop-classes-per-step-16", "cocoop"),
                points.stream().map(ComparedMethod::name).toList());
        assertEquals(List.of("w = 8", "w = 8, classes per step = 16"),
                points.subList(1, 3).stream().map(ComparedMethod::settings).toList());
        assertThrows(IllegalArgumentException.class, () -> over(List.of("classes-per-step=16.5"), "kgcoop"));
        assertThrows(IllegalArgumentException.class, () -> over(List.of("classes-per-step=-1"), "kgcoop"));
    }

    @Test
    void aStepMustHaveRoomForMoreThanTheClassesOfItsBatch() {
        List<ComparedMethod> points = over(List.of("classes-per-step=16"), "coop");
        new Plan(null, null, points, List.of(1L), List.of(1), TrainingSettings.of(2, 15));
        assertEquals("classes-per-step must exceed the batch, whose classes are all in a step, or be 0 for all; set --batch "
                + "[method: coop-classes-per-step-16]",
                assertThrows(IllegalArgumentException.class,
                        () -> new Plan(null, null, points, List.of(1L), List.of(1), TrainingSettings.of(2, 16))).getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            rho         | A hyperparameter's values are given once, as NAME=VALUE,VALUE [given: rho]
            rho=        | A hyperparameter's values must be numbers with commas between [given: rho=]
            rho=0.1,    | A hyperparameter's values must be numbers with commas between [given: rho=0.1,]
            rho=NaN     | A hyperparameter's values must be numbers with commas between [given: rho=NaN]
            rho=1e999   | A hyperparameter's values must be numbers with commas between [given: rho=1e999]""")
    void linesThatAreNoneAreRefused(String line, String message) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, () -> HyperparameterGrid.of(List.of(line))).getMessage());
    }

    @Test
    void namesAreThoseOfTheSettings() {
        assertEquals("There is no such hyperparameter; known are rho, lower-bound, upper-bound, kgcoop-weight, prograd-lambda, "
                + "prograd-temperature, alpha-mix-alpha, sagm-rho, sagm-alpha, f-sam-rho, f-sam-sigma, f-sam-lambda, sample-rho, "
                + "sample-alpha, sample-lambda, knowledge-weight, classes-per-step [name: beta1]",
                assertThrows(IllegalArgumentException.class, () -> HyperparameterGrid.of(List.of("beta1=1"))).getMessage());
        assertThrows(IllegalArgumentException.class, () -> HyperparameterGrid.of(List.of("rho=1", "rho=2")));
    }
}
