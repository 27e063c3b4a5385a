package dev.promptgate.evaluator.report;

import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.messaging.transaction.CheckpointedWriter;
import dev.promptgate.messaging.trust.PromptKind;
import dev.promptgate.messaging.trust.PromptSigner;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes a report, and with it the change of the live prompt if there is one, in one transaction. Blocking. */
public final class ReportWriter {
    /**
     * What prompt-rollouts is to hold.
     *
     * @param snapshot empty for the hand-written prompt, which is a null value
     * @param sequence counts the records of this prompt; signed, so that an old record cannot be sent again
     */
    public record LiveChange(Optional<Prompt> snapshot, long sequence) {}

    private final CheckpointedWriter writer;
    private final TopicNames topics;
    private final byte[] key;
    private final Optional<PromptSigner> signer;

    public ReportWriter(CheckpointedWriter writer, TopicNames topics, String prompt, Optional<PromptSigner> signer) {
        this.writer = writer;
        this.topics = topics;
        key = prompt.getBytes(StandardCharsets.UTF_8);
        this.signer = signer;
    }

    /**
     * Writes until it is written, through any outage.
     *
     * @param position offset in image-features behind what was taken in
     * @param number of the report
     * @throws dev.promptgate.messaging.transaction.FencedException if another evaluator has taken this one's place
     */
    public void write(Report report, Optional<LiveChange> change, long position, long number) {
        ProducerRecord<byte[], byte[]> about = new ProducerRecord<>(topics.evaluationReports(), key, report.bytes());
        OffsetAndMetadata checkpoint = new OffsetAndMetadata(position, "report=" + number);
        if (change.isEmpty()) {
            writer.write(List.of(about), checkpoint);
            return;
        }
        ProducerRecord<byte[], byte[]> live = new ProducerRecord<>(topics.promptRollouts(), key,
                change.get().snapshot().map(PromptCodec::encode).orElse(null));
        signer.ifPresent(key -> key.sign(live, PromptKind.ROLLOUT, change.get().sequence()));
        writer.write(List.of(live, about), checkpoint);
    }
}
