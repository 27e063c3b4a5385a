package dev.promptgate.clip.pipeline;

/** Told what images cost on their way through an {@link ImagePipeline}, in nanoseconds, on its threads. */
public interface PipelineMeters {
    /** An image was decoded and preprocessed. */
    void decodeTime(long nanos);

    /** A decoded image waited for its batch. */
    void queueTime(long nanos);

    /** So many images were encoded together. */
    void batch(int size, long nanos);
}
