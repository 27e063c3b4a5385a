package dev.promptgate.evaluator.evidence;

import dev.promptgate.clip.scoring.ClassScorer;
import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.PromptEncoder;
import dev.promptgate.evaluator.evidence.HeldOutSet.HeldOutImage;
import dev.promptgate.learning.accuracy.Nearest;
import dev.promptgate.learning.accuracy.ProtocolOutcomes;
import dev.promptgate.learning.prompt.Prompt;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What prompts answer on the images of comparisons. Of the last prompts asked it remembers the text features and each image's answer: while
 * the classes stay the same, a further comparison encodes the new candidate alone, and scores with the other prompts the new images alone.
 * With other classes everything is computed anew, so that an answer never depends on what was asked before. Blocking: runs the text tower.
 * Not thread-safe.
 */
public final class PromptAnswers {
    /** The candidate, the live prompt, the best and the hand-written one. */
    private static final int MAX_PROMPTS = 4;

    /** Of one prompt among these classes, the seen ones first. */
    private record Known(List<String> classes, int seen, ClassScorer scorer, Map<HeldOutImage, Nearest> answers) {
        boolean isOf(ComparedImages space) {
            return seen == space.seen() && classes.equals(space.classes());
        }
    }

    private final PromptEncoder encoder;
    /** By the context, of which each prompt has its own. */
    private final Map<Context, Known> known = new LinkedHashMap<>(MAX_PROMPTS + 1, 1, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Context, Known> eldest) {
            return size() > MAX_PROMPTS;
        }
    };

    public PromptAnswers(PromptEncoder encoder) {
        this.encoder = encoder;
    }

    ProtocolOutcomes of(ComparedImages space, Prompt prompt) {
        Known before = known.get(prompt.context());
        boolean isSame = before != null && before.isOf(space);
        ClassScorer scorer = scorer(space, prompt);
        Map<HeldOutImage, Nearest> answers = new IdentityHashMap<>();
        Nearest[] nearest = new Nearest[space.entries().size()];
        for (int i = 0; i < nearest.length; i++) {
            Nearest answered = isSame ? before.answers().get(space.entries().get(i)) : null;
            nearest[i] = answered != null ? answered
                    : Nearest.of(space.images()[i], space.labels()[i] < space.seen(), scorer, space.seen());
            answers.put(space.entries().get(i), nearest[i]);
        }
        known.put(prompt.context(), new Known(space.classes(), space.seen(), scorer, answers));
        return ProtocolOutcomes.of(nearest, space.labels(), space.seen());
    }

    /** Scores with a prompt among the space's classes; the same object for one that was just asked about them. */
    public ClassScorer scorer(ComparedImages space, Prompt prompt) {
        Known before = known.get(prompt.context());
        return before != null && before.isOf(space) ? before.scorer()
                : new ClassScorer(prompt.features(encoder, space.classes()));
    }
}
