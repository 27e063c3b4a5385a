package dev.promptgate.follower;

/** Is told what a {@link PromptFollower} finds, on the follower's thread: as long as a method runs nothing further is read. */
@FunctionalInterface
public interface PromptListener {
    /**
     * Another prompt is in force; called for the first time when what was in the topic at the start has been read. Of changes that come
     * close upon each other, or while the method runs, it may see the last one only.
     */
    void onPrompt(LivePrompt live);

    /** A record was refused, and is in the log; the prompt in force stays. */
    default void onRefused(RefusedPromptException why) {}
}
