package dev.promptgate.messaging.trust;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/** Records as they come out of Kafka. */
final class SignedRecords {
    static final byte[] KEY = utf8("default");
    static final byte[] VALUE = utf8("prompt");

    private SignedRecords() {}

    static ConsumerRecord<byte[], byte[]> signed(PromptSigner signer, PromptKind kind, long sequence, byte[] key, byte[] value) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>("prompt-rollouts", key, value);
        signer.sign(record, kind, sequence);
        return consumed(record);
    }

    static ConsumerRecord<byte[], byte[]> rollout(PromptSigner signer, long sequence) {
        return signed(signer, PromptKind.ROLLOUT, sequence, KEY, VALUE);
    }

    static ConsumerRecord<byte[], byte[]> consumed(ProducerRecord<byte[], byte[]> sent) {
        return with(sent.key(), sent.value(), sent.headers());
    }

    static ConsumerRecord<byte[], byte[]> with(byte[] key, byte[] value, Iterable<Header> headers) {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("prompt-rollouts", 0, 7, key, value);
        headers.forEach(record.headers()::add);
        return record;
    }

    /** The same record, one header's value another. */
    static ConsumerRecord<byte[], byte[]> withHeader(ConsumerRecord<byte[], byte[]> record, String name, byte[] value) {
        ConsumerRecord<byte[], byte[]> changed = with(record.key(), record.value(), record.headers());
        changed.headers().remove(name);
        changed.headers().add(name, value);
        return changed;
    }

    static byte[] header(ConsumerRecord<byte[], byte[]> record, String name) {
        return record.headers().lastHeader(name).value();
    }

    static byte[] flipped(byte[] bytes, int bit) {
        byte[] flipped = bytes.clone();
        flipped[bit / 8] ^= (byte) (1 << bit % 8);
        return flipped;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
