package dev.promptgate.encoder;

import dev.promptgate.encoder.config.EncoderMeters;
import dev.promptgate.encoder.pipeline.RecordPipeline.Encoded;
import dev.promptgate.encoder.pipeline.RecordPipeline.EncodingResult;
import dev.promptgate.encoder.pipeline.RecordPipeline.Erased;
import dev.promptgate.encoder.pipeline.RecordPipeline.Rejected;
import dev.promptgate.messaging.record.ImageIds;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.messaging.record.RejectionCode;
import dev.promptgate.messaging.record.SourcePosition;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.messaging.topic.TopicSpec;
import dev.promptgate.messaging.transaction.TransactionalWriter;
import dev.promptgate.messaging.transaction.TransactionalWriter.FencedException;
import dev.promptgate.messaging.transaction.TransactionalWriter.TransactionAbortedException;
import dev.promptgate.service.logging.ImageLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes features, erasures, rejections and the offsets of the records they came from in one transaction. Blocking. */
record FeatureDelivery(TransactionalWriter writer, TopicNames topics, int maxImageBytes, EncoderMeters meters) {
    private static final Logger LOG = LoggerFactory.getLogger(FeatureDelivery.class);

    /**
     * @throws TransactionAbortedException if it failed and the committed offsets tell what took effect
     * @throws FencedException if another encoder has this one's transactional id
     */
    void commit(List<EncodingResult> outcomes, Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group)
            throws TransactionAbortedException {
        long began = System.nanoTime();
        List<RejectionCode> rejections = new ArrayList<>();
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        int erased = 0;
        for (EncodingResult outcome : outcomes) {
            if (outcome instanceof Encoded encoded) {
                records.add(encoded.feature().encode(topics.imageFeatures()));
            } else if (outcome instanceof Erased erasing) {
                erased++;
                records.add(erasing.erasure().encode(topics.imageFeatures()));
            } else if (outcome instanceof Rejected rejected) {
                rejections.add(rejected.rejection().code());
                records.add(rejected.rejection().encode(topics.rejectedImages(), maxImageBytes + TopicSpec.ENVELOPE_BYTES));
            }
        }
        writer.write(records, offsets, group);
        meters.committed(outcomes.size() - rejections.size() - erased, erased, rejections, System.nanoTime() - began);
        tell(outcomes, rejections.size());
    }

    /** Only now: what was aborted is read again and would be told twice. */
    private static void tell(List<EncodingResult> outcomes, int rejections) {
        if (rejections == 0 && !LOG.isDebugEnabled()) {
            return;
        }
        for (EncodingResult outcome : outcomes) {
            if (outcome instanceof Encoded encoded) {
                ImageLog.debug(LOG, encoded.feature().imageId()).log("Committed [source: {}@{}]", encoded.feature().source().partition(),
                        encoded.feature().source().offset());
            } else if (outcome instanceof Erased erased) {
                SourcePosition source = erased.erasure().source();
                ImageLog.debug(LOG, erased.erasure().imageId()).log("Erased [source: {}@{}]", source.partition(), source.offset());
            } else if (outcome instanceof Rejected rejected) {
                ConsumerRecord<byte[], byte[]> source = rejected.rejection().source();
                ImageLog.info(LOG, Quoted.of(ImageIds.of(source), ImageIds.MAX_BYTES)).log("Rejected: {} [code: {}, source: {}@{}]",
                        rejected.rejection().message(), rejected.rejection().code().wireName(), source.partition(), source.offset());
            }
        }
    }
}
