package dev.promptgate.encoder.pipeline;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.image.ImageLimits;
import dev.promptgate.clip.image.ImagePreprocessor;
import dev.promptgate.clip.image.ImageRejectedException;
import dev.promptgate.clip.text.ClassNameCheck;
import dev.promptgate.encoder.EncoderMeters;
import dev.promptgate.encoder.EncoderSettings;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.ImageIds;
import dev.promptgate.messaging.record.InvalidRecordException;
import dev.promptgate.messaging.record.LabelledImage;
import dev.promptgate.messaging.record.Rejection;
import dev.promptgate.messaging.record.RejectionCode;
import dev.promptgate.messaging.record.SourcePosition;
import dev.promptgate.messaging.record.WireName;
import dev.promptgate.service.batching.Batcher;
import dev.promptgate.service.logging.ImageLog;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From labelled image records to outcomes: decodes in parallel, batches by size or delay, encodes on one thread. Knows no Kafka client
 * and no Vert.x. Thread-safe; the caller bounds what is in flight, keeps the order, and closes it.
 */
public final class EncodingPipeline implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EncodingPipeline.class);

    private record Job(LabelledImage image, SourcePosition source, float[] pixels, CompletableFuture<Outcome> outcome) {}

    private final ClipModel model;
    private final ImagePreprocessor preprocessor;
    private final ClassNameCheck classNames;
    private final int padTo;
    private final EncoderMeters meters;
    private final Batcher<Job> batcher;
    private final ExecutorService decoders;
    private final Thread encoder;

    /** Starts the decoding pool and the encoding thread. */
    public EncodingPipeline(EncoderSettings settings, ClipModel model, EncoderMeters meters) {
        this.model = model;
        this.meters = meters;
        preprocessor = model.preprocessor().withLimits(new ImageLimits(settings.maxPixels(), settings.maxImageBytes()));
        classNames = new ClassNameCheck(model.textEncoder(), settings.contextTokens());
        padTo = settings.padBatches() ? settings.batchSize() : 0;
        batcher = new Batcher<>(settings.batchSize(), settings.batchDelay());
        AtomicInteger number = new AtomicInteger();
        decoders = Executors.newFixedThreadPool(settings.decodeThreads(),
                task -> new Thread(task, "promptgate-decode-" + number.getAndIncrement()));
        encoder = new Thread(this::encodeBatches, "promptgate-encode");
        encoder.start();
    }

    /** Starts work on a record; the future fails only if the model itself does. */
    public CompletableFuture<Outcome> submit(ConsumerRecord<byte[], byte[]> record) {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        decoders.execute(() -> decode(record, outcome));
        return outcome;
    }

    private void decode(ConsumerRecord<byte[], byte[]> record, CompletableFuture<Outcome> outcome) {
        if (LOG.isDebugEnabled()) { // the id of a record without a key costs a hash
            ImageLog.debug(LOG, ImageIds.of(record)).log("Received [source: {}@{}, bytes: {}]", record.partition(), record.offset(),
                    Math.max(0, record.serializedValueSize()));
        }
        long began = System.nanoTime();
        try {
            LabelledImage image = LabelledImage.decode(record);
            if (!classNames.fits(image.label())) {
                throw new InvalidRecordException(RejectionCode.LABEL_TOO_LONG,
                        "The label makes more tokens than the model's text tower takes; shorten it");
            }
            float[] pixels = preprocessor.preprocess(image.bytes());
            meters.decodeTime(System.nanoTime() - began);
            ImageLog.debug(LOG, image.imageId()).log("Decoded [label: {}, split: {}]", image.label(), image.split());
            batcher.offer(new Job(image, new SourcePosition(record.partition(), record.offset()), pixels, outcome));
        } catch (InvalidRecordException e) {
            outcome.complete(new Outcome.Rejected(new Rejection(record, e.code(), e.getMessage())));
        } catch (ImageRejectedException e) {
            RejectionCode code = WireName.parse(RejectionCode.class, e.fault().code()).orElse(RejectionCode.EMPTY_VALUE); // ImageFault.EMPTY
                                                                                                                          // is the only
            // one with another name
            outcome.complete(new Outcome.Rejected(new Rejection(record, code, e.getMessage())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closing: nobody waits any more
        } catch (RuntimeException | OutOfMemoryError e) {
            outcome.completeExceptionally(e);
        }
    }

    private void encodeBatches() {
        try {
            for (List<Batcher.Queued<Job>> batch = batcher.take(); !batch.isEmpty(); batch = batcher.take()) {
                encode(batch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    private void encode(List<Batcher.Queued<Job>> batch) {
        long began = System.nanoTime();
        batch.forEach(queued -> meters.queueTime(began - queued.arrivedNanos()));
        try {
            List<float[]> pixels = batch.stream().map(queued -> queued.job().pixels()).toList();
            float[][] features = model.imageEncoder().encode(pixels, Math.max(padTo, pixels.size()));
            meters.batch(batch.size(), System.nanoTime() - began);
            for (int i = 0; i < features.length; i++) {
                Job job = batch.get(i).job();
                LabelledImage image = job.image();
                ImageLog.debug(LOG, image.imageId()).log("Encoded [batch: {}]", batch.size());
                job.outcome()
                        .complete(new Outcome.Encoded(new ImageFeature(image.imageId(), image.label(), image.split(), model.fingerprint(),
                                features[i], image.timestamp(), job.source())));
            }
        } catch (RuntimeException e) {
            batch.forEach(queued -> queued.job().outcome().completeExceptionally(e));
        }
    }

    /**
     * Lets the batch that is being encoded finish, drops what waits behind it, and ends the threads. What was dropped never completes.
     * Blocking.
     */
    public void finishBatch() throws InterruptedException {
        decoders.shutdownNow();
        batcher.close();
        encoder.join();
    }

    /** The same, waiting for a while only. */
    @Override
    public void close() {
        decoders.shutdownNow();
        batcher.close();
        try {
            encoder.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
