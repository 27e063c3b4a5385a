package dev.promptgate.messaging.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.messaging.transaction.TransactionalWriter.FencedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** What a writer makes of commits whose fate it is not told, on Kafka's own mock of a producer; brokers are in TransactionalWriterIT. */
class CheckpointedWriterTest {
    private static final TopicPartition FEATURES = new TopicPartition("features", 0);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Brokers brokers = new Brokers();

    @Test
    void aCommitThatTookEffectUntoldIsNotWrittenAgain() {
        CheckpointedWriter writer = open();
        brokers.onCommit.add(commit -> {
            commit.run();
            throw new KafkaException("disconnected");
        });
        writer.write(List.of(record("a")), new OffsetAndMetadata(1, "first"));
        writer.write(List.of(record("b")), new OffsetAndMetadata(2, "second"));
        assertEquals(List.of("a", "b"), brokers.written);
    }

    @Test
    void whatWasAbortedIsWrittenAgainAndACommitWithoutAnAnswerAskedForAgain() {
        CheckpointedWriter writer = open();
        brokers.onCommit.add(commit -> {
            throw new KafkaException("a record was late");
        });
        brokers.onCommit.add(commit -> {
            throw new TimeoutException("no answer");
        });
        writer.write(List.of(record("a")), new OffsetAndMetadata(1, "first"));
        assertEquals(List.of("a"), brokers.written);
    }

    @Test
    void whatFailsAgainAndAgainIsGivenUp() {
        CheckpointedWriter writer = open();
        for (int i = 0; i < 5; i++) {
            brokers.onCommit.add(commit -> {
                throw new KafkaException("a record was late");
            });
        }
        String message = assertThrows(KafkaException.class, () -> writer.write(List.of(record("a")), new OffsetAndMetadata(1, "first")))
                .getMessage();
        assertTrue(message.contains("again and again") && message.contains("a record was late"), message);
        assertEquals(List.of(), brokers.written);
    }

    /** It stood still for longer than its transaction may take, so that it cannot tell the fence from the timeout. */
    @Test
    void anEqualCheckpointOfAnotherProcessIsNotTakenForItsOwn() {
        CheckpointedWriter writer = open();
        writer.write(List.of(record("a")), new OffsetAndMetadata(1, "report=1"));
        brokers.onCommit.add(commit -> {
            open().write(List.of(record("of another")), new OffsetAndMetadata(1, "report=2"));
            brokers.nanos += TIMEOUT.toNanos() + 1;
            throw new ProducerFencedException("there is a newer producer");
        });
        assertThrows(FencedException.class, () -> writer.write(List.of(record("b")), new OffsetAndMetadata(1, "report=2")));
        assertEquals(List.of("a", "of another"), brokers.written);
    }

    private CheckpointedWriter open() {
        CheckpointedWriter writer = new CheckpointedWriter(brokers, "writer", FEATURES, TIMEOUT);
        writer.open();
        return writer;
    }

    private static ProducerRecord<byte[], byte[]> record(String value) {
        return new ProducerRecord<>("reports", value.getBytes());
    }

    /** What becomes of a commit. */
    @FunctionalInterface
    private interface Fate {
        void of(Runnable commit);
    }

    /** Brokers of one writer; each commit takes the next fate, and the effect that it asks for where there is none. */
    private static final class Brokers implements BrokerAccess {
        private final List<String> written = new ArrayList<>();
        private final List<Fate> onCommit = new ArrayList<>();
        private Optional<OffsetAndMetadata> checkpoint = Optional.empty();
        private long nanos;

        @Override
        public Producer<byte[], byte[]> producer(String transactionalId, Duration timeout) {
            return new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer()) {
                @Override
                public void commitTransaction() {
                    Fate fate = onCommit.isEmpty() ? Runnable::run : onCommit.remove(0);
                    fate.of(() -> {
                        uncommittedRecords().forEach(record -> written.add(new String(record.value())));
                        uncommittedOffsets().values().stream().map(Map::values).forEach(all -> checkpoint = all.stream().findFirst());
                    });
                    super.commitTransaction();
                }
            };
        }

        @Override
        public Optional<OffsetAndMetadata> committed(String group, TopicPartition partition) {
            return checkpoint;
        }

        @Override
        public long end(TopicPartition partition) {
            return 10;
        }

        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public void pause(Duration time) {
            nanos += time.toNanos();
        }
    }
}
