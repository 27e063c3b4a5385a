package dev.promptgate.learner.update;

import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.messaging.transaction.CheckpointedWriter;
import dev.promptgate.messaging.trust.PromptKind;
import dev.promptgate.messaging.trust.PromptSigner;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes checkpoints, and candidates together with theirs, signed if there is a key. Blocking. */
public final class CandidateWriter {
    private final CheckpointedWriter writer;
    private final String topic;
    private final byte[] key;
    private final Optional<PromptSigner> signer;

    public CandidateWriter(CheckpointedWriter writer, String topic, String prompt, Optional<PromptSigner> signer) {
        this.writer = writer;
        this.topic = topic;
        key = prompt.getBytes(StandardCharsets.UTF_8);
        this.signer = signer;
    }

    void checkpoint(Checkpoint checkpoint) {
        writer.write(List.of(), checkpoint.encode());
    }

    void publish(Prompt candidate, Checkpoint checkpoint) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, key, PromptCodec.encode(candidate));
        signer.ifPresent(signing -> signing.sign(record, PromptKind.CANDIDATE, candidate.metadata().version()));
        writer.write(List.of(record), checkpoint.encode());
    }
}
