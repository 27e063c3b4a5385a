package dev.promptgate.learning.continual;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.clip.PromptModel;
import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.PromptEncoder;
import dev.promptgate.learning.memory.Shot;
import dev.promptgate.learning.method.ContextMethod;
import dev.promptgate.learning.method.MethodSettings;
import dev.promptgate.learning.training.SgdSettings;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ContinualLearnerTest {
    private final ContinualLearner learner = new ContinualLearner(
            new LearningSettings(MethodSettings.defaults(ContextMethod.COOP), SgdSettings.DEFAULT, new LearningSettings.Start(1, "word"),
                    new LearningSettings.Shots(16, 2, 1000, 10), LearningSettings.Update.DEFAULT, LearningSettings.Urgency.DEFAULT, 1),
            answering(PromptModel.class, answering(PromptEncoder.class, new Context(1, 2, new float[2]))));

    /** One that answers everything so. */
    private static <T> T answering(Class<T> type, Object answer) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> answer));
    }

    @BeforeEach
    void learnAAndB() {
        Stream.of("a1", "a2", "b1", "b2").forEach(this::offer);
        assertEquals(List.of("a", "b"), learner.begin(false).trainingSet().classes());
        assertFalse(learner.isUpdateDue());
    }

    /** The first letter says the class. */
    private void offer(String imageId) {
        learner.offer(new Shot(imageId, imageId.substring(0, 1), new float[2]), 0);
    }

    @Test
    void aClassThatLostShotsBeforeItsUpdateIsNewAgainOnceItHasEnough() {
        Stream.of("c1", "c2").forEach(this::offer);
        learner.forget("c1");
        assertEquals(List.of("a", "b"), learner.begin(false).trainingSet().classes());
        offer("c3");
        assertTrue(learner.isUpdateDue());
        assertEquals(List.of("a", "b", "c"), learner.begin(false).trainingSet().classes());
    }

    @Test
    void aClassThatDroppedOutOfTrainingIsNewAgainOnceItHasEnough() {
        learner.forget("b1");
        Stream.of("c1", "c2").forEach(this::offer);
        assertEquals(List.of("a", "c"), learner.begin(false).trainingSet().classes());
        offer("b3");
        assertTrue(learner.isUpdateDue());
    }

    @Test
    void aClassThatIsTrainedOnIsNotNewBecauseOneImageTookAnothersPlace() {
        learner.forget("b1");
        offer("b3");
        assertFalse(learner.isUpdateDue());
    }

    @Test
    void whatWasTrainedOnIsKnownAfterARestart() {
        learner.forget("b1");
        learner.restore(1, false);
        offer("b3");
        assertTrue(learner.isUpdateDue());
    }
}
