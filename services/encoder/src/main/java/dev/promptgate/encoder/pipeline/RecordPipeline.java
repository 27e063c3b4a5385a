package dev.promptgate.encoder.pipeline;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.image.ImagePreprocessor;
import dev.promptgate.clip.image.ImageRejectedException;
import dev.promptgate.clip.memory.DecodeMemory;
import dev.promptgate.clip.pipeline.ImagePipeline;
import dev.promptgate.clip.text.ClassNameCheck;
import dev.promptgate.clip.text.SamePrompt;
import dev.promptgate.encoder.config.EncoderMeters;
import dev.promptgate.encoder.config.EncoderSettings;
import dev.promptgate.messaging.record.ImageContent;
import dev.promptgate.messaging.record.ImageErasure;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.ImageIds;
import dev.promptgate.messaging.record.ImageReference;
import dev.promptgate.messaging.record.LabelledImage;
import dev.promptgate.messaging.record.Rejection;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import dev.promptgate.messaging.record.RejectionCode;
import dev.promptgate.messaging.record.SourcePosition;
import dev.promptgate.messaging.record.WireName;
import dev.promptgate.references.ReferenceFetcher;
import dev.promptgate.references.ReferenceSettings;
import dev.promptgate.service.logging.ImageLog;
import dev.promptgate.service.settings.PromptSettings;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From labelled image records to what becomes of them, through an {@link ImagePipeline}. Knows no Kafka client and no Vert.x. Thread-safe;
 * the caller bounds what is in flight, keeps the order, and closes it.
 */
public final class RecordPipeline implements AutoCloseable {
    /** What became of one record: a feature, a rejection, or the erasure that it asks for. */
    public sealed interface EncodingResult {}

    public record Encoded(ImageFeature feature) implements EncodingResult {}

    public record Rejected(Rejection rejection) implements EncodingResult {}

    public record Erased(ImageErasure erasure) implements EncodingResult {}

    private static final Logger LOG = LoggerFactory.getLogger(RecordPipeline.class);

    private final String modelFingerprint;
    private final String imageFingerprint;
    private final ClassNameCheck classNames;
    private final boolean foldsLabels;
    private final ImagePipeline images;
    private final ReferenceFetcher fetcher;
    private final FetchingStage fetching;
    private final ImagePreprocessor fetchedImages;

    /** Starts the pipeline's threads, which decode out of {@code memory}; the fetcher is the caller's. */
    public RecordPipeline(EncoderSettings settings, ClipModel model, DecodeMemory memory, EncoderMeters meters, ReferenceFetcher fetcher) {
        modelFingerprint = model.fingerprint();
        imageFingerprint = model.imageFingerprint();
        classNames = new ClassNameCheck(model.textEncoder(), settings.values().get(PromptSettings.CONTEXT_TOKENS));
        foldsLabels = settings.values().get(EncoderSettings.FOLD_LABELS);
        images = new ImagePipeline(model.preprocessor(), model.imageEncoder(), settings.pipeline(memory), meters.pipeline());
        this.fetcher = fetcher;
        fetching = new FetchingStage(images, settings.values().get(ReferenceSettings.PARALLEL));
        fetchedImages = model.preprocessor().withLimits(settings.fetchedImages(memory));
    }

    /** Starts work on a record; the future fails only if the model itself does. */
    public CompletableFuture<EncodingResult> submit(ConsumerRecord<byte[], byte[]> record) {
        if (ImageErasure.isIn(record)) {
            return CompletableFuture.completedFuture(erased(record));
        }
        Work work = new Work(record);
        CompletableFuture<ImagePipeline.Encoded> encoded = ImageContent.mayBeElsewhere(record)
                ? fetching.submit(work::read, work::pixels)
                : images.submit(preprocessor -> {
                    work.read();
                    return work.pixels(preprocessor);
                });
        return encoded.handle(work::result);
    }

    private static EncodingResult erased(ConsumerRecord<byte[], byte[]> record) {
        try {
            return new Erased(ImageErasure.decode(record));
        } catch (InvalidRecordException e) {
            return new Rejected(new Rejection(record, e.code(), e.getMessage()));
        }
    }

    /** One record on its way: read, decoded and encoded on up to three threads, which queues put after one another. */
    private final class Work {
        private final ConsumerRecord<byte[], byte[]> record;
        private LabelledImage image;
        private byte[] file;
        private String digest;

        Work(ConsumerRecord<byte[], byte[]> record) {
            this.record = record;
        }

        /** Fetches the image, too, if it is kept elsewhere. */
        void read() throws InvalidRecordException, InterruptedException {
            if (LOG.isDebugEnabled()) { // the id of a record without a key costs a hash
                ImageLog.debug(LOG, ImageIds.of(record)).log("Received [source: {}@{}, bytes: {}]", record.partition(), record.offset(),
                        Math.max(0, record.serializedValueSize()));
            }
            LabelledImage sent = LabelledImage.decode(record);
            image = foldsLabels ? sent.withLabel(SamePrompt.folded(sent.label())) : sent;
            if (!classNames.fits(image.label())) {
                throw new InvalidRecordException(RejectionCode.LABEL_TOO_LONG,
                        "The label makes more tokens than the model's text tower takes; shorten it");
            }
            file = image.bytes();
            if (image.reference().isPresent()) {
                file = fetcher.fetch(image.reference().get());
                ImageLog.debug(LOG, image.imageId()).log("Fetched [reference: {}, bytes: {}]", image.reference().get(), file.length);
            }
            digest = ImageIds.sha256(file);
            image = image.withoutBytes(); // it is kept until it is committed, and its bytes are bounded until they are decoded only
        }

        float[] pixels(ImagePreprocessor preprocessor) throws ImageRejectedException {
            byte[] bytes = file;
            file = null;
            float[] pixels = (image.reference().isPresent() ? fetchedImages : preprocessor).preprocess(bytes);
            ImageLog.debug(LOG, image.imageId()).log("Decoded [label: {}, split: {}]", image.label(), image.split());
            return pixels;
        }

        EncodingResult result(ImagePipeline.Encoded encoded, Throwable failure) {
            if (failure instanceof InvalidRecordException invalid) {
                return rejected(invalid.code(), invalid);
            }
            if (failure instanceof ImageRejectedException unusable) {
                return rejected(code(unusable.fault()), unusable);
            }
            if (failure != null) {
                throw new CompletionException(failure);
            }
            ImageLog.debug(LOG, image.imageId()).log("Encoded [batch: {}]", encoded.batch());
            return new Encoded(new ImageFeature(image.imageId(), image.label(), image.split(), modelFingerprint,
                    encoded.feature(), image.timestamp(), new SourcePosition(record.partition(), record.offset()),
                    new ImageFeature.ImageFile(digest, image.reference().map(ImageReference::shown), imageFingerprint)));
        }

        private static RejectionCode code(ImageRejectedException.Fault fault) {
            return fault == ImageRejectedException.Fault.EMPTY ? RejectionCode.EMPTY_VALUE
                    : WireName.parse(RejectionCode.class, fault.code()).orElseThrow(); // all others have the same name on the topic
        }

        private EncodingResult rejected(RejectionCode code, Exception why) {
            return new Rejected(new Rejection(record, code, why.getMessage()));
        }
    }

    /** Lets the batch in hand finish, drops what waits behind it, which never completes, and ends the threads. Blocking. */
    public void finishBatch() throws InterruptedException {
        fetching.close();
        images.finishBatch();
    }

    /** The same, waiting for a while only. */
    @Override
    public void close() {
        fetching.close();
        images.close();
    }
}
