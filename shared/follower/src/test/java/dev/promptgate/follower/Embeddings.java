package dev.promptgate.follower;

import dev.promptgate.learning.prompt.ClassEmbeddings;
import dev.promptgate.learning.prompt.EmbeddingType;
import dev.promptgate.learning.prompt.EmbeddingsCodec;
import dev.promptgate.messaging.record.PromptKey;
import dev.promptgate.messaging.trust.PromptKind;
import dev.promptgate.messaging.trust.PromptSigner;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Records of class-embeddings: a part for each class, which is the axis of its number. */
final class Embeddings {
    static final PromptKey KEY = new PromptKey(Prompts.NAME);

    private Embeddings() {}

    static ClassEmbeddings set(long version, int classes) {
        float[][] features = new float[classes][classes + 1];
        for (int c = 0; c < classes; c++) {
            features[c][c + 1] = 1;
        }
        return new ClassEmbeddings(new ClassEmbeddings.Source(Prompts.NAME, version, Prompts.MODEL, 100),
                IntStream.range(0, classes).mapToObj("Größe \"%d\""::formatted).toList(), features);
    }

    /** As the evaluator writes a change: the set's parts, and null for those that the one before had beyond them. */
    static List<ProducerRecord<byte[], byte[]>> change(String topic, ClassEmbeddings set, int before, Optional<PromptSigner> signer,
            long sequence) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        List<byte[]> parts = EmbeddingsCodec.encode(set, EmbeddingType.FLOAT32, 1);
        for (int i = 0; i < Math.max(before, parts.size()); i++) {
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, KEY.bytes(i), i < parts.size() ? parts.get(i) : null);
            signer.ifPresent(signing -> signing.sign(record, PromptKind.EMBEDDING, sequence));
            records.add(record);
        }
        return records;
    }
}
