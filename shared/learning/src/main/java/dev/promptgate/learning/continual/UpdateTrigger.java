package dev.promptgate.learning.continual;

/**
 * When an update starts, told by the records alone, so that the same stream gives the same updates.
 *
 * <p>One starts after a class became ready, once {@code settleShots} further training images brought no other one (classes that arrive
 * together are learned together); or after {@code refreshEvery} new images in memory. While classes keep coming that would be never, so one
 * starts as well once {@code urgentClasses} of them wait, and half as many as were trained on before: the cost of all these updates
 * together is a small multiple of the last one's, however many classes come. What an operator says of a class that is trained on is waited
 * for as a new class is, but is no reason to hurry.
 *
 * <p>An update that so many classes wait for may be a short one. The whole one is owed then, and comes once the stream settles without
 * further new classes; those that come before get a short one, too. A stream that pauses asks {@link #isDue}. Not thread-safe.
 */
final class UpdateTrigger {
    private final LearningSettings.Shots shots;
    private final int urgentClasses;
    private int newClasses;
    private int newShots;
    private int shotsSinceNewClass;
    private int trainedClasses;
    private boolean isWholeOwed;
    private boolean isClassChanged;

    /** @param urgentClasses new classes that an update starts for though others keep coming; 0 if none does */
    UpdateTrigger(LearningSettings.Shots shots, int urgentClasses) {
        this.shots = shots;
        this.urgentClasses = urgentClasses;
    }

    /** Counts one training image; true if an update starts now. */
    boolean count(boolean memoryChanged, boolean classBecameReady) {
        newShots += memoryChanged ? 1 : 0;
        shotsSinceNewClass++;
        if (classBecameReady) {
            newClasses++;
            shotsSinceNewClass = 0;
        }
        boolean isSettled = isWaited() && shotsSinceNewClass >= shots.settle();
        return isSettled || isUrgent() && 2 * newClasses >= trainedClasses || newClasses == 0 && newShots >= shots.refreshEvery();
    }

    /** A class that is trained on is to be trained on no longer, or again. */
    void classChanged() {
        isClassChanged = true;
        shotsSinceNewClass = 0;
    }

    /** Whether something waits for an update: a new or changed class, enough new images, or the whole update after a short one. */
    boolean isDue() {
        return isWaited() || newShots >= shots.refreshEvery();
    }

    private boolean isWaited() {
        return newClasses > 0 || isClassChanged || isWholeOwed;
    }

    private boolean isUrgent() {
        return urgentClasses > 0 && newClasses >= urgentClasses;
    }

    /** Whether many new classes wait, or some while a whole update is owed anyway, so that a short one may come first. */
    boolean isShort() {
        return isUrgent() || isWholeOwed && newClasses > 0;
    }

    /** Starts counting anew: an update of so many classes begins, or one has run. */
    void reset(int classes, boolean isShort) {
        newClasses = 0;
        newShots = 0;
        shotsSinceNewClass = 0;
        trainedClasses = classes;
        isWholeOwed = isShort;
        isClassChanged = false;
    }
}
