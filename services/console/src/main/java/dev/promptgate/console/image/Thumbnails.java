package dev.promptgate.console.image;

import dev.promptgate.clip.image.ImageLimits;
import dev.promptgate.clip.image.ImageRejectedException;
import dev.promptgate.clip.image.Thumbnail;
import dev.promptgate.clip.memory.DecodeMemory;
import dev.promptgate.console.config.ConsoleMeters;
import dev.promptgate.console.config.ConsoleMeters.ThumbnailOutcome;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.record.ImageContent;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import dev.promptgate.messaging.record.RejectionCode;
import dev.promptgate.service.api.Problem;
import dev.promptgate.service.api.ProblemException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Small JPEGs of the images in topics, made here: an image file itself never reaches a browser. Its methods are called on one context;
 * fetching and decoding run on two threads, and what waits for them is bounded.
 */
public final class Thumbnails {
    private static final Logger LOG = LoggerFactory.getLogger(Thumbnails.class);
    private static final int LONGEST_SIDE = 192;
    private static final int THREADS = 2;
    private static final int MOST_WAITING = 200;
    private static final int CACHE_BYTES = 16 << 20;
    private static final String ELSEWHERE = "The image is kept elsewhere: ";
    private static final Problem GONE = Problem.of(404, "There is no image here, or none any more");
    private static final Problem ERASED = Problem.of(404, "This image was erased");
    private static final Problem NO_IMAGE = Problem.of(404, "What stands here is no image that can be shown");
    private static final Problem BUSY = Problem.of(503, "Too many thumbnails are being made; try again").with("Retry-After", "2");
    private static final Problem SILENT = Problem.of(503, "Kafka does not give the image; try again").with("Retry-After", "5");

    private final ImageLimits limits;
    private final ErasedImages erased;
    private final String labelledImages;
    private final ConsoleMeters meters;
    private final RecordPool records;
    private final WorkerExecutor worker;
    private final ThumbnailCache cache = new ThumbnailCache(CACHE_BYTES);
    private final Map<String, Future<byte[]>> underWay = new HashMap<>();
    private long erasures;

    /**
     * @param limits of the image files
     * @param labelledImages the topic whose positions erasures name
     */
    public Thumbnails(Vertx vertx, KafkaClients clients, ImageLimits limits, ErasedImages erased, String labelledImages,
            ConsoleMeters meters) {
        this.limits = limits;
        this.erased = erased;
        this.labelledImages = labelledImages;
        this.meters = meters;
        records = new RecordPool(clients);
        worker = vertx.createSharedWorkerExecutor("promptgate-console-thumbnails", THREADS, 1, TimeUnit.MINUTES);
    }

    /** A JPEG; fails with a {@link ProblemException} if there is none to be had. */
    public Future<byte[]> get(TopicPartition partition, long offset) {
        if (erasures != erased.count()) { // rare, and what was kept does not say whose image it is
            erasures = erased.count();
            cache.clear();
        }
        String key = partition + "/" + offset;
        Optional<byte[]> known = cache.get(key);
        if (known.isPresent()) {
            meters.increment(ConsoleMeters.THUMBNAILS, ThumbnailOutcome.CACHED);
            return Future.succeededFuture(known.get());
        }
        Future<byte[]> same = underWay.get(key);
        if (same != null) {
            return same;
        }
        if (underWay.size() >= MOST_WAITING) {
            meters.increment(ConsoleMeters.THUMBNAILS, ThumbnailOutcome.OVERLOAD);
            return Future.failedFuture(BUSY.exception());
        }
        Future<byte[]> making = worker.executeBlocking(() -> make(partition, offset), false);
        underWay.put(key, making);
        return making.onComplete(done -> underWay.remove(key)).onSuccess(jpeg -> cache.put(key, jpeg));
    }

    private byte[] make(TopicPartition partition, long offset) {
        try {
            Optional<ConsumerRecord<byte[], byte[]>> record = records.fetch(partition, offset);
            if (record.isEmpty()) {
                throw counted(ThumbnailOutcome.NOT_FOUND, GONE);
            }
            if (erased.covers(record.get(), partition.topic().equals(labelledImages))) {
                throw counted(ThumbnailOutcome.ERASED, ERASED);
            }
            ImageContent content = ImageContent.of(record.get());
            if (content.reference().isPresent()) { // fetching is the encoder's, which alone is allowed to
                throw counted(ThumbnailOutcome.ELSEWHERE, Problem.of(404, ELSEWHERE + content.reference().get().shown()));
            }
            byte[] jpeg = Thumbnail.jpeg(content.bytes(), LONGEST_SIDE, limits);
            meters.increment(ConsoleMeters.THUMBNAILS, ThumbnailOutcome.MADE);
            return jpeg;
        } catch (InvalidRecordException e) {
            throw e.code() == RejectionCode.EMPTY_VALUE ? counted(ThumbnailOutcome.NOT_FOUND, GONE)
                    : counted(ThumbnailOutcome.NOT_AN_IMAGE, NO_IMAGE);
        } catch (ImageRejectedException e) {
            throw counted(ThumbnailOutcome.NOT_AN_IMAGE, NO_IMAGE);
        } catch (DecodeMemory.BusyException e) {
            throw counted(ThumbnailOutcome.OVERLOAD, BUSY);
        } catch (ProblemException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.warn("A record cannot be fetched for its thumbnail [partition: {}, offset: {}, cause: {}]", partition, offset,
                    e.getMessage());
            throw counted(ThumbnailOutcome.FAILED, SILENT);
        }
    }

    private ProblemException counted(ThumbnailOutcome outcome, Problem problem) {
        meters.increment(ConsoleMeters.THUMBNAILS, outcome);
        return problem.exception();
    }

    /** Finishes what is under way and closes the consumers. */
    public Future<Void> close() {
        return worker.executeBlocking(Executors.callable(records::close), false).eventually(worker::close).mapEmpty();
    }
}
