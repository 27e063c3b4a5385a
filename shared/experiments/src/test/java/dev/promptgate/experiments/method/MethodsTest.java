package dev.promptgate.experiments.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.learning.optimiser.FriendlySharpnessAware;
import dev.promptgate.learning.optimiser.GradientConstraint;
import dev.promptgate.learning.optimiser.PromptSharpnessAware;
import dev.promptgate.learning.optimiser.StepRule;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class MethodsTest {
    private static final List<String> IN_ORDER = List.of("zero-shot", "ensemble", "coop", "kgcoop", "prograd", "scoop", "gcscoop",
            "gcscoop-rho0",
            "projection", "alpha-mix", "sagm", "f-sam", "sample");

    @Test
    void reportsHaveTheirOrder() {
        List<String> names = Methods.all().stream().map(Method::name).filter(IN_ORDER::contains).toList();
        assertEquals(IN_ORDER, names);
        assertEquals(Methods.all().size(), new HashSet<>(Methods.all().stream().map(Method::name).toList()).size());
    }

    @Test
    void aMethodIsFoundByItsName() {
        assertEquals("F-SAM", Methods.named("f-sam").title().substring("CoOp + ".length()));
    }

    @Test
    void aMisspeltNameIsAnsweredWithTheNearest() {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> Methods.named("gcscop"));
        assertTrue(refused.getMessage().startsWith("There is no such method; the nearest are gcscoop, "), refused.getMessage());
        assertTrue(refused.getMessage().endsWith("[name: gcscop]"), refused.getMessage());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Methods.named("F-SAM")).getMessage()
                .contains("the nearest are f-sam, "));
    }

    @Test
    void theTableHasARowForEachMethod() {
        List<String> lines = Methods.table().lines().toList();
        assertEquals(Methods.all().size() + 2, lines.size());
        for (String line : lines) {
            assertEquals(6, line.chars().filter(c -> c == '|').count(), line);
        }
        assertTrue(lines.contains(
                "| `kgcoop` | KgCoOp | w = 8 | 100 epochs, batch 128, learning rate 0.002 | arXiv 2303.13283; code: htyao89/KgCoOp |"),
                Methods.table());
        assertTrue(lines.contains(
                "| `gcscoop-rho0` | GCSCoOp without perturbation | ρ = 0, β1 = 0.5, β2 = 0.8 | 200 epochs, batch 128, learning rate 0.002 "
                        + "| control of arXiv 2309.07866 |"),
                Methods.table());
    }

    @Test
    void rulesThatRememberAreFreshInEveryRun() {
        for (String name : List.of("f-sam", "sample")) {
            ContextLearner learner = assertInstanceOf(ContextLearner.class, Methods.named(name).learner());
            StepRule rule = learner.rule().get();
            assertTrue(rule instanceof FriendlySharpnessAware || rule instanceof PromptSharpnessAware);
            assertNotSame(rule, learner.rule().get());
        }
    }

    @Test
    void theControlWithoutPerturbationIsGcscoopOtherwise() {
        GradientConstraint whole = (GradientConstraint) ((ContextLearner) Methods.named("gcscoop").learner()).rule().get();
        GradientConstraint control = (GradientConstraint) ((ContextLearner) Methods.named("gcscoop-rho0").learner()).rule().get();
        assertEquals(new GradientConstraint(0, whole.lowerBound(), whole.upperBound()), control);
    }

    @Test
    void templatesEndWhereTheNameBegins() {
        assertEquals(78, new HashSet<>(PromptTemplates.BEFORE_THE_NAME).size());
        assertTrue(PromptTemplates.BEFORE_THE_NAME.contains("a photo of a"));
        PromptTemplates.BEFORE_THE_NAME.forEach(words -> assertEquals(words.strip(), words));
    }
}
