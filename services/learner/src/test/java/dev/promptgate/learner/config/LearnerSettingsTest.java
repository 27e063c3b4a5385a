package dev.promptgate.learner.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.learning.continual.LearningSettings;
import dev.promptgate.learning.loss.LabelLoss;
import dev.promptgate.learning.method.ContextMethod;
import dev.promptgate.learning.method.Hyperparameter;
import dev.promptgate.learning.method.MethodSettings;
import dev.promptgate.learning.step.GradientConstraint;
import dev.promptgate.service.settings.InvalidSettingsException;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.Setting;
import dev.promptgate.service.settings.SettingsCatalogue;
import dev.promptgate.service.settings.SettingsSources;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LearnerSettingsTest {
    private static LearningSettings learning(Map<String, String> values) {
        List<Setting<?>> known = Stream.of(PromptSettings.ALL.all(), LearnerSettings.ALL.all()).<Setting<?>>flatMap(List::stream).toList();
        return new LearnerSettings(new SettingsCatalogue(known, List.of(), key -> true)
                .resolve(SettingsSources.of(values))).learning();
    }

    @Test
    void withoutSettingsItIsGcscoopAsItsAuthorsHaveIt() {
        LearningSettings learning = learning(Map.of());
        assertEquals(ContextMethod.GCSCOOP, learning.method().method());
        assertEquals(new GradientConstraint(0.1, 0.5, 0.8), learning.method().rule());
        assertEquals(0.1, learning.method().rho());
    }

    @ParameterizedTest
    @EnumSource
    void everyMethodIsChosenByItsNameAndHasItsPapersDefaults(ContextMethod method) {
        MethodSettings chosen = learning(Map.of("learner.method", method.key())).method();
        assertEquals(method, chosen.method());
        assertEquals(MethodSettings.defaults(method).describe(), chosen.describe());
        assertEquals(MethodSettings.defaults(method).rho(), chosen.rho());
    }

    @ParameterizedTest
    @EnumSource
    void everyMethodLearnsByTheLossThatIsChosen(LabelLoss loss) {
        assertEquals(loss, learning(Map.of("learner.loss", loss.key(), "learner.method", "kgcoop")).method().labelLoss());
        assertEquals(LabelLoss.CROSS_ENTROPY, learning(Map.of()).method().labelLoss());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"NO_RHO", "CLASSES_PER_STEP"})
    void everyHyperparameterIsASetting(Hyperparameter hyperparameter) {
        assertEquals(0.6, learning(Map.of("learner." + hyperparameter.key(), "0.6")).method().get(hyperparameter));
    }

    @ParameterizedTest
    @CsvSource({"rho, -1", "lower-bound, 0.9", "upper-bound, 2", "kgcoop-weight, -1", "prograd-lambda, -1", "prograd-temperature, 0",
            "alpha-mix-alpha, 2", "sagm-rho, -1", "sagm-alpha, -1", "f-sam-rho, -1", "f-sam-sigma, -1", "f-sam-lambda, 1", "sample-rho, -1",
            "sample-alpha, -1", "sample-lambda, 1", "knowledge-weight, -1", "learning-rate, 0", "momentum, 1", "weight-decay, -1",
            "warm-up-steps, 100",
            "classes-per-step, -1",
            "classes-per-step, 128"})
    void aValueOutOfItsRangeIsOneLineWhateverTheMethod(String name, String value) {
        String message = assertThrows(InvalidSettingsException.class,
                () -> learning(Map.of("learner." + name, value, "learner.method", "coop")))
                .getMessage();
        assertTrue(message.contains("learner.*: "), message);
        assertEquals(1, message.strip().lines().count(), message);
    }

    @Test
    void theClassesOfAStepAreAllUnlessABoundIsSet() {
        assertEquals(0, learning(Map.of()).method().classesPerStep());
        assertEquals(129, learning(Map.of("learner.classes-per-step", "129")).method().classesPerStep());
    }

    @Test
    void everyViolationIsNamedOnce() {
        String message = assertThrows(InvalidSettingsException.class,
                () -> learning(Map.of("learner.rho", "-1", "learner.lower-bound", "0.9",
                        "learner.sagm-alpha", "-1", "learner.momentum", "1", "learner.shots", "1")))
                .getMessage();
        for (String told : List.of("learner.*: rho must not be negative; ", "the bounds on the cosine must satisfy", "SAGM needs ",
                "momentum must lie in [0, 1)", "min-shots must not exceed shots")) {
            assertEquals(2, message.split(Pattern.quote(told), -1).length, told + " in " + message);
        }
        assertEquals(1, message.strip().lines().count(), message);
    }
}
