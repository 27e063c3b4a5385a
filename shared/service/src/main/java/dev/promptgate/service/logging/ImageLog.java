package dev.promptgate.service.logging;

import dev.promptgate.messaging.record.ImageIds;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Log lines about one image: the producer's id is a field of the line, so that one search finds what every service says of it.
 *
 * <p>The field goes with the line and not with the thread (an MDC): batches, transactions and updates work on many images at once, and an
 * image passes through many threads. Where the level is off a line costs the question whether it is. Thread-safe.
 */
public final class ImageLog {
    public static final String FIELD = "image_id";

    private ImageLog() {}

    public static LoggingEventBuilder debug(Logger log, String imageId) {
        return log.atDebug().addKeyValue(FIELD, imageId);
    }

    /** Something that seldom happens to an image. */
    public static LoggingEventBuilder info(Logger log, String imageId) {
        return log.atInfo().addKeyValue(FIELD, imageId);
    }

    /** Something wrong with a record of image-features, whose key is the id. */
    public static LoggingEventBuilder warn(Logger log, ConsumerRecord<byte[], byte[]> feature) {
        return log.atWarn().addKeyValue(FIELD, ImageIds.hasKey(feature) ? ImageIds.of(feature) : "");
    }
}
