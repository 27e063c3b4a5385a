package dev.promptgate.experiments.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.experiments.method.ContextLearner;
import dev.promptgate.experiments.method.PromptEnsemble;
import dev.promptgate.learning.step.GradientConstraint;
import dev.promptgate.learning.step.StepRule;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparedMethodsTest {
    private static final List<String> IN_ORDER = List.of("zero-shot", "ensemble", "coop", "kgcoop", "prograd", "scoop", "gcscoop",
            "gcscoop-rho0",
            "projection", "alpha-mix", "sagm", "f-sam", "sample");

    @Test
    void reportsHaveTheirOrder() {
        List<String> names = ComparedMethod.all().stream().map(ComparedMethod::name).filter(IN_ORDER::contains).toList();
        assertEquals(IN_ORDER, names);
        assertEquals(ComparedMethod.all().size(), new HashSet<>(ComparedMethod.all().stream().map(ComparedMethod::name).toList()).size());
    }

    @Test
    void aMethodIsFoundByItsName() {
        assertEquals("F-SAM", ComparedMethod.named("f-sam").title().substring("CoOp + ".length()));
    }

    @Test
    void aMisspeltNameIsAnsweredWithTheNearest() {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> ComparedMethod.named("gcscop"));
        assertTrue(refused.getMessage().startsWith("There is no such method; the nearest are gcscoop, "), refused.getMessage());
        assertTrue(refused.getMessage().endsWith("[name: gcscop]"), refused.getMessage());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> ComparedMethod.named("F-SAM")).getMessage()
                .contains("the nearest are f-sam, "));
    }

    @Test
    void theTableHasARowForEachMethod() {
        List<String> lines = ComparedMethod.table().lines().toList();
        assertEquals(ComparedMethod.all().size() + 2, lines.size());
        for (String line : lines) {
            assertEquals(6, line.chars().filter(c -> c == '|').count(), line);
        }
        assertTrue(lines.contains(
                "| `kgcoop` | KgCoOp | w = 8 | 100 epochs, batch 128, learning rate 0.002 | arXiv 2303.13283; code: htyao89/KgCoOp |"),
                ComparedMethod.table());
        assertTrue(lines.contains(
                "| `gcscoop-rho0` | GCSCoOp without perturbation | ρ = 0, β1 = 0.5, β2 = 0.8 | 200 epochs, batch 128, learning rate 0.002 "
                        + "| control of arXiv 2309.07866 |"),
                ComparedMethod.table());
    }

    @Test
    void rulesThatRememberAreFreshInEveryRun() {
        for (String name : List.of("f-sam", "sample")) {
            ContextLearner learner = assertInstanceOf(ContextLearner.class, ComparedMethod.named(name).learner());
            StepRule rule = learner.method().rule();
            assertNotSame(rule, learner.method().rule());
        }
    }

    @Test
    void theControlWithoutPerturbationIsGcscoopOtherwise() {
        GradientConstraint whole = (GradientConstraint) ((ContextLearner) ComparedMethod.named("gcscoop").learner()).method().rule();
        GradientConstraint control = (GradientConstraint) ((ContextLearner) ComparedMethod.named("gcscoop-rho0").learner()).method()
                .rule();
        assertEquals(new GradientConstraint(0, whole.lowerBound(), whole.upperBound()), control);
    }

    @Test
    void templatesEndWhereTheNameBegins() {
        assertEquals(78, new HashSet<>(PromptEnsemble.TEMPLATES).size());
        assertTrue(PromptEnsemble.TEMPLATES.contains("a photo of a"));
        PromptEnsemble.TEMPLATES.forEach(words -> assertEquals(words.strip(), words));
    }
}
