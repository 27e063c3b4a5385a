package dev.promptgate.evaluator.report;

import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.messaging.record.PromptKey;
import dev.promptgate.messaging.report.EvaluationReport;
import dev.promptgate.messaging.report.ReportCodec;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.messaging.transaction.RecordSink;
import dev.promptgate.messaging.trust.PromptKind;
import dev.promptgate.messaging.trust.PromptSigner;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Writes what was decided together: reports, and with them the changes of the live prompt and of its class embeddings, in one transaction.
 * Blocking.
 */
public final class ReportWriter {
    private final RecordSink sink;
    private final TopicNames topics;
    private final PromptKey key;
    private final Optional<PromptSigner> signer;
    private final EmbeddingsWriter embeddings;
    private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();

    public ReportWriter(RecordSink sink, TopicNames topics, PromptKey key, Optional<PromptSigner> signer, EmbeddingsWriter embeddings) {
        this.sink = sink;
        this.topics = topics;
        this.key = key;
        this.signer = signer;
        this.embeddings = embeddings;
    }

    /**
     * The next records are what prompt-rollouts and class-embeddings are to hold; their sequence is signed, so that an old record cannot be
     * sent again.
     */
    void add(Prompt live, long sequence) {
        add(new ProducerRecord<>(topics.promptRollouts(), key.bytes(), live.isHandWritten() ? null : PromptCodec.encode(live)),
                PromptKind.ROLLOUT, sequence);
        embeddings.change(live, topics.classEmbeddings()).forEach(record -> add(record, PromptKind.EMBEDDING, sequence));
    }

    private void add(ProducerRecord<byte[], byte[]> record, PromptKind kind, long sequence) {
        signer.ifPresent(signing -> signing.sign(record, kind, sequence));
        records.add(record);
    }

    void add(EvaluationReport report) {
        records.add(new ProducerRecord<>(topics.evaluationReports(), key.bytes(), ReportCodec.encode(report)));
    }

    /**
     * Writes what was added until it is written, through any outage, with the position in image-features and the last report's number;
     * throws FencedException if another evaluator has taken this one's place.
     */
    void write(long position, long number) {
        if (!records.isEmpty()) {
            sink.write(List.copyOf(records), new OffsetAndMetadata(position, "report=" + number));
            records.clear();
        }
    }
}
