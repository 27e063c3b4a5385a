package dev.promptgate.chaos.fault;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import net.bytebuddy.asm.Advice;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** Mistakes in how records and offsets are written together. Those that show at a crash alone bring one about. */
public final class WriterFaults {
    private static final int KILLED = 137;

    private static int writes;

    private WriterFaults() {}

    /** Two transactions, the offsets' first. */
    public static final class CommitsFirst {
        private CommitsFirst() {}

        @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
        static boolean write(@Advice.FieldValue("producer") Producer<byte[], byte[]> producer,
                @Advice.Argument(1) Map<TopicPartition, OffsetAndMetadata> offsets, @Advice.Argument(2) ConsumerGroupMetadata group) {
            return commitFirst(producer, offsets, group);
        }
    }

    public static boolean commitFirst(Producer<byte[], byte[]> producer, Map<TopicPartition, OffsetAndMetadata> offsets,
            ConsumerGroupMetadata group) {
        commit(producer, offsets, group);
        Runtime.getRuntime().halt(KILLED); // between the two
        return true;
    }

    /** Two transactions, the records' first. */
    public static final class WritesFirst {
        private WritesFirst() {}

        @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
        static boolean write(@Advice.FieldValue("producer") Producer<byte[], byte[]> producer,
                @Advice.Argument(0) Collection<ProducerRecord<byte[], byte[]>> records) {
            return writeFirst(producer, records);
        }
    }

    public static boolean writeFirst(Producer<byte[], byte[]> producer, Collection<ProducerRecord<byte[], byte[]>> records) {
        producer.beginTransaction();
        records.forEach(producer::send);
        producer.commitTransaction();
        Runtime.getRuntime().halt(KILLED); // between the two
        return true;
    }

    private static void commit(Producer<byte[], byte[]> producer, Map<TopicPartition, OffsetAndMetadata> offsets,
            ConsumerGroupMetadata group) {
        producer.beginTransaction();
        producer.sendOffsetsToTransaction(offsets, group);
        producer.commitTransaction();
    }

    /** From the second transaction with records on. */
    public static final class WithoutOffsets {
        private WithoutOffsets() {}

        @Advice.OnMethodEnter
        static void write(@Advice.Argument(0) Collection<ProducerRecord<byte[], byte[]>> records,
                @Advice.Argument(value = 1, readOnly = false) Map<TopicPartition, OffsetAndMetadata> offsets) {
            offsets = offsetsOf(records, offsets);
        }
    }

    public static Map<TopicPartition, OffsetAndMetadata> offsetsOf(Collection<ProducerRecord<byte[], byte[]>> records,
            Map<TopicPartition, OffsetAndMetadata> offsets) {
        writes += records.isEmpty() ? 0 : 1;
        return records.isEmpty() || writes == 1 ? offsets : Map.of();
    }

    /** The first record of each transaction. */
    public static final class OneTwice {
        private OneTwice() {}

        @Advice.OnMethodEnter
        static void write(@Advice.Argument(value = 0, readOnly = false) Collection<ProducerRecord<byte[], byte[]>> records) {
            records = withOneTwice(records);
        }
    }

    public static Collection<ProducerRecord<byte[], byte[]>> withOneTwice(Collection<ProducerRecord<byte[], byte[]>> records) {
        List<ProducerRecord<byte[], byte[]>> more = new ArrayList<>(records);
        records.stream().findFirst().ifPresent(more::add);
        return more;
    }

    /** The records of each transaction. */
    public static final class Reversed {
        private Reversed() {}

        @Advice.OnMethodEnter
        static void write(@Advice.Argument(value = 0, readOnly = false) Collection<ProducerRecord<byte[], byte[]>> records) {
            records = reversed(records);
        }
    }

    public static Collection<ProducerRecord<byte[], byte[]>> reversed(Collection<ProducerRecord<byte[], byte[]>> records) {
        List<ProducerRecord<byte[], byte[]>> other = new ArrayList<>(records);
        Collections.reverse(other);
        return other;
    }
}
