package dev.promptgate.clip.pipeline;

import java.util.function.IntConsumer;
import java.util.function.LongConsumer;

/**
 * Told what images cost on their way through an {@link ImagePipeline}, on its threads.
 *
 * @param decodeTime of an image, preprocessing included, nanoseconds
 * @param queueTime a decoded image's wait for its batch, nanoseconds
 * @param batchSize images encoded together
 * @param encodeTime of a batch, nanoseconds
 */
public record PipelineMeters(LongConsumer decodeTime, LongConsumer queueTime, IntConsumer batchSize, LongConsumer encodeTime) {}
