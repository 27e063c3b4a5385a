package dev.promptgate.evaluator.gate;

import dev.promptgate.evaluator.gate.GateEvent.Answers;

/**
 * Prequential accuracy on unseen classes (test, then train): held-out images of a class that has arrived but that the live prompt was not
 * trained on, answered at their arrival by the prompt that is live then, among the unseen classes known then.
 *
 * @param right images that the prompt live at the time got right
 * @param zeroShotRight those that the hand-written one got right
 */
public record Prequential(long images, long right, long zeroShotRight) {
    static final Prequential NONE = new Prequential(0, 0, 0);

    Prequential with(Answers answers) {
        return new Prequential(images + 1, right + (answers.live() ? 1 : 0), zeroShotRight + (answers.other() ? 1 : 0));
    }

    public double accuracy() {
        return images == 0 ? Double.NaN : (double) right / images;
    }

    public double zeroShotAccuracy() {
        return images == 0 ? Double.NaN : (double) zeroShotRight / images;
    }
}
