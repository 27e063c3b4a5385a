package dev.promptgate.evaluator.gatekeeper;

import dev.promptgate.evaluator.evidence.PromptScorer;
import java.util.Set;

/**
 * Prequential accuracy on unseen classes (test, then train): held-out images of a class that has arrived but that the live prompt was not
 * trained on, answered at their arrival by the prompt that is live then, among the unseen classes known then. Not thread-safe.
 */
final class Prequential {
    /**
     * Counts so far.
     *
     * @param right images that the prompt live at the time got right
     * @param zeroShotRight those that the hand-written one got right
     */
    record State(long images, long right, long zeroShotRight) {
        static final State NONE = new State(0, 0, 0);

        double accuracy() {
            return images == 0 ? Double.NaN : (double) right / images;
        }

        double zeroShotAccuracy() {
            return images == 0 ? Double.NaN : (double) zeroShotRight / images;
        }
    }

    private State state = State.NONE;

    void resume(State earlier) {
        state = earlier;
    }

    /** @param unseen the classes that the live prompt was not trained on; with one alone there is nothing to tell apart */
    void observe(float[] feature, String label, Set<String> unseen, PromptScorer live, PromptScorer handWritten) {
        if (unseen.size() > 1) {
            boolean right = live.isRight(feature, label, unseen);
            boolean zeroShotRight = live == handWritten ? right : handWritten.isRight(feature, label, unseen);
            state = new State(state.images() + 1, state.right() + (right ? 1 : 0), state.zeroShotRight() + (zeroShotRight ? 1 : 0));
        }
    }

    State state() {
        return state;
    }
}
