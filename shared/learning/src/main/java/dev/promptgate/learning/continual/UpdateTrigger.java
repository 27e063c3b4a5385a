package dev.promptgate.learning.continual;

/**
 * When an update starts, told by the records alone, so that the same stream gives the same updates: after a class became ready, once
 * {@code settleShots} further training images brought no other one (classes that arrive together are learned together); or after
 * {@code refreshEvery} new images in memory. A stream that pauses asks {@link #isDue}. Not thread-safe.
 */
final class UpdateTrigger {
    private final int refreshEvery;
    private final int settleShots;
    private int newClasses;
    private int newShots;
    private int shotsSinceNewClass;

    UpdateTrigger(int refreshEvery, int settleShots) {
        this.refreshEvery = refreshEvery;
        this.settleShots = settleShots;
    }

    /** Counts one training image; true if an update starts now. */
    boolean count(boolean memoryChanged, boolean classBecameReady) {
        newShots += memoryChanged ? 1 : 0;
        shotsSinceNewClass++;
        if (classBecameReady) {
            newClasses++;
            shotsSinceNewClass = 0;
        }
        boolean settled = newClasses > 0 && shotsSinceNewClass >= settleShots;
        return settled || newClasses == 0 && newShots >= refreshEvery;
    }

    /** Whether something waits for an update: a new class, or enough new images. */
    boolean isDue() {
        return newClasses > 0 || newShots >= refreshEvery;
    }

    /** Starts counting anew: an update ran. */
    void reset() {
        newClasses = 0;
        newShots = 0;
        shotsSinceNewClass = 0;
    }
}
