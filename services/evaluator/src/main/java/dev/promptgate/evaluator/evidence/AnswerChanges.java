package dev.promptgate.evaluator.evidence;

import java.util.ArrayList;
import java.util.List;

/**
 * The images that a candidate gets wrong and the live prompt right, and the reverse, in the joint label space: the one users live with, and
 * the only one where a seen image may be taken for an unseen class.
 *
 * @param lost right with the live prompt and wrong with the candidate; the newest first
 * @param won the reverse
 */
public record AnswerChanges(List<Change> lost, List<Change> won) {
    /** An image and what it is taken for. */
    public record Change(HeldOutImage image, String live, String candidate) {}

    /**
     * Compares answers.
     *
     * @param live class index that the live prompt answers, per image of the space
     * @param candidate the same of the candidate
     */
    static AnswerChanges of(ComparedImages space, int[] live, int[] candidate) {
        List<Change> lost = new ArrayList<>();
        List<Change> won = new ArrayList<>();
        for (int i = live.length - 1; i >= 0; i--) { // the space has them in the order of their records
            boolean wasRight = live[i] == space.labels()[i];
            boolean isRight = candidate[i] == space.labels()[i];
            if (wasRight != isRight) {
                (wasRight ? lost : won)
                        .add(new Change(space.entries().get(i), space.classes().get(live[i]), space.classes().get(candidate[i])));
            }
        }
        return new AnswerChanges(lost, won);
    }
}
