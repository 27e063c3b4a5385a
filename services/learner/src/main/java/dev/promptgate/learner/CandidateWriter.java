package dev.promptgate.learner;

import dev.promptgate.learning.snapshot.PromptSnapshot;
import dev.promptgate.learning.snapshot.SnapshotCodec;
import dev.promptgate.messaging.transaction.CheckpointedWriter;
import dev.promptgate.messaging.trust.SnapshotKind;
import dev.promptgate.messaging.trust.SnapshotSigner;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes checkpoints, and candidates together with theirs, signed if there is a key. Blocking. */
final class CandidateWriter {
    private final CheckpointedWriter writer;
    private final String topic;
    private final byte[] key;
    private final Optional<SnapshotSigner> signer;

    CandidateWriter(CheckpointedWriter writer, String topic, String prompt, Optional<SnapshotSigner> signer) {
        this.writer = writer;
        this.topic = topic;
        key = prompt.getBytes(StandardCharsets.UTF_8);
        this.signer = signer;
    }

    void checkpoint(Checkpoint checkpoint) {
        writer.write(List.of(), checkpoint.encode());
    }

    void publish(PromptSnapshot candidate, Checkpoint checkpoint) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, key, SnapshotCodec.encode(candidate));
        signer.ifPresent(signing -> signing.sign(record, SnapshotKind.CANDIDATE, candidate.metadata().version()));
        writer.write(List.of(record), checkpoint.encode());
    }
}
