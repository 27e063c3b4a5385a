package dev.promptgate.evaluator.evidence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.text.Context;
import dev.promptgate.learning.accuracy.ProtocolOutcomes;
import dev.promptgate.learning.prompt.Descriptions;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptMetadata;
import dev.promptgate.learning.suspect.Suspect;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.SourcePosition;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.testing.model.BundledModelTest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

@BundledModelTest
class PromptAnswersTest {
    private static final List<String> NAMES = List.of("apple", "bear", "cat", "dog", "emu", "fox");

    private final HeldOutSet images = new HeldOutSet(20);
    private final Random random = new Random(1);
    private LivePredictions predictions;
    private long offset;

    @Test
    void whatIsRememberedIsWhatWouldBeComputed(ClipModel model) {
        PromptAnswers remembering = new PromptAnswers(model.textEncoder());
        predictions = new LivePredictions(model.logitScale());
        Context live = model.textEncoder().contextFrom("a photo of a");
        for (int round = 0; round < 4; round++) { // some come, some go, the classes stay
            put(model, 5, 30);
            check(model, remembering, live, 3);
            check(model, remembering, moved(live), 3); // a candidate
        }
        images.remove("image 7", offset++);
        check(model, remembering, live, 3);
        check(model, remembering, live, 4); // an unseen class is trained now: other classes are told apart
        put(model, 6, 30); // a new class
        check(model, remembering, live, 4);
        check(model, remembering, live, 3);
    }

    private void check(ClipModel model, PromptAnswers remembering, Context context, int seen) {
        ComparedImages space = ComparedImages.of(NAMES.subList(0, seen), images.at(offset));
        ProtocolOutcomes expected = ProtocolOutcomes.of(space.images(), space.labels(),
                model.textEncoder().features(context, model.textEncoder().prompts(space.classes(), context.tokens())), seen);
        Prompt prompt = Prompt.handWritten("default", context);
        ProtocolOutcomes actual = remembering.of(space, prompt);
        assertArrayEquals(expected.seen(), actual.seen());
        assertArrayEquals(expected.unseen(), actual.unseen());
        assertArrayEquals(expected.joint(), actual.joint());
        assertArrayEquals(expected.answers(), actual.answers());
        assertEquals(expected.seenByClass(space.seenClasses(), space.labels()), actual.seenByClass(space.seenClasses(), space.labels()));
        List<Suspect> suspects = predictions.suspects(space, remembering.scorer(space, prompt));
        assertFalse(suspects.isEmpty(), "labels are drawn");
        assertEquals(new LivePredictions(model.logitScale()).suspects(space, remembering.scorer(space, prompt)), suspects);
    }

    /** Classes that are called by ids and described by words, trained and not, are answered as classes that are called by these words. */
    @Test
    void aDescriptionStandsInThePromptInTheNamesPlace(ClipModel model) {
        Map<String, String> byClass = new HashMap<>();
        for (int c = 0; c < NAMES.size(); c++) {
            byClass.put("n" + c, NAMES.get(c));
        }
        Prompt plain = Prompt.handWritten("default", model.textEncoder().contextFrom("a photo of a"));
        PromptMetadata.Origin origin = new PromptMetadata.Origin(List.of("n0", "n1", "n2"), "", Map.of(), Map.of(), Map.of(),
                new Descriptions(byClass));
        Prompt described = new Prompt(plain.context().withValues(plain.context().values().clone()),
                new PromptMetadata("default", 1, 0, "m", 0, origin, Map.of()));
        put(model, 6, 60);
        ComparedImages words = ComparedImages.of(NAMES.subList(0, 3), images.at(offset));
        ComparedImages ids = new ComparedImages(List.of("n0", "n1", "n2", "n3", "n4", "n5"), 3, words.entries(), words.images(),
                words.labels(), words.fewestPerSeenClass());
        PromptAnswers answers = new PromptAnswers(model.textEncoder());
        int[] expected = answers.of(words, plain).answers();
        assertArrayEquals(expected, answers.of(ids, described).answers());
        assertFalse(Arrays.equals(expected, answers.of(ids, plain).answers()));
        PromptScorer byWords = new PromptScorer(model.textEncoder(), plain);
        PromptScorer byIds = new PromptScorer(model.textEncoder(), described);
        for (int i = 0; i < words.labels().length; i++) {
            assertEquals(byWords.isRight(words.images()[i], NAMES.get(words.labels()[i]), Set.copyOf(NAMES)),
                    byIds.isRight(words.images()[i], "n" + words.labels()[i], byClass.keySet()));
        }
    }

    /** Of the first classes, in turns; beyond twenty a class the older ones go. */
    private void put(ClipModel model, int classes, int count) {
        for (int i = 0; i < count; i++) {
            float[] feature = new float[model.featureDim()];
            double squares = 0;
            for (int d = 0; d < feature.length; d++) {
                feature[d] = (float) random.nextGaussian();
                squares += feature[d] * feature[d];
            }
            for (int d = 0; d < feature.length; d++) {
                feature[d] /= (float) Math.sqrt(squares);
            }
            images.put(new ImageFeature("image " + offset, NAMES.get(i % classes), Split.HELD_OUT, "m", feature, 0,
                    new SourcePosition(0, offset)), offset++);
        }
    }

    private Context moved(Context from) {
        float[] values = from.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] += (float) (0.05 * random.nextGaussian());
        }
        return from.withValues(values);
    }
}
