package dev.promptgate.simulation;

import static dev.promptgate.simulation.Invariant.EQUAL_CANDIDATES;
import static dev.promptgate.simulation.Invariant.EQUAL_DECISIONS;
import static dev.promptgate.simulation.Invariant.ERRORS_AS_PROMISED;
import static dev.promptgate.simulation.Invariant.ONE_TRANSACTION;
import static dev.promptgate.simulation.Invariant.RIGHT_IMAGES;
import static dev.promptgate.simulation.Invariant.RIGHT_SHOTS;
import static dev.promptgate.simulation.Invariant.SETTLED_ONCE;
import static dev.promptgate.simulation.Invariant.VERSIONS_WITHOUT_GAP;

import dev.promptgate.messaging.topic.TopicNames;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A mistake at one seam between a service and its world, as a build of it could have, with the invariants that give it away; of a service
 * that has no such seam, or that the mistake does no harm, there is none.
 */
enum Fault {
    NONE(null, null),
    READS_ABORTED_RECORDS(RIGHT_IMAGES, RIGHT_SHOTS) {
        @Override
        boolean readsAborted() {
            return true;
        }
    },
    LOSES_A_RECORD_AT_A_START(SETTLED_ONCE, RIGHT_SHOTS) {
        @Override
        long startsAt(long offset) {
            return offset + 1;
        }
    },
    HANDS_OVER_TWICE(SETTLED_ONCE, EQUAL_CANDIDATES) {
        @Override
        List<ConsumerRecord<byte[], byte[]>> polled(List<ConsumerRecord<byte[], byte[]>> records, long now) {
            return Stream.concat(records.stream(), records.stream()).toList();
        }
    },
    HANDS_OVER_IN_ANOTHER_ORDER(RIGHT_IMAGES, RIGHT_SHOTS) {
        @Override
        List<ConsumerRecord<byte[], byte[]>> polled(List<ConsumerRecord<byte[], byte[]>> records, long now) {
            List<ConsumerRecord<byte[], byte[]>> reversed = new ArrayList<>(records);
            Collections.reverse(reversed);
            return reversed;
        }
    },
    PASSES_OVER_DELETIONS(RIGHT_IMAGES, RIGHT_SHOTS) {
        @Override
        List<ConsumerRecord<byte[], byte[]>> polled(List<ConsumerRecord<byte[], byte[]>> records, long now) {
            return records.stream().filter(record -> record.value() != null).toList();
        }
    },
    TAKES_ITS_CLOCK_FOR_THE_BROKERS(EQUAL_DECISIONS, EQUAL_CANDIDATES) {
        @Override
        List<ConsumerRecord<byte[], byte[]>> polled(List<ConsumerRecord<byte[], byte[]>> records, long now) {
            return records.stream().map(record -> new ConsumerRecord<>(record.topic(), 0, record.offset(), now, record.timestampType(),
                    -1, -1, record.key(), record.value(), record.headers(), record.leaderEpoch())).toList();
        }
    },
    TAKES_TOPICS_FOR_READ(EQUAL_DECISIONS, null) {
        @Override
        boolean isAtEnd(boolean is) {
            return true;
        }
    },
    READS_ALL_CANDIDATES_BUT_THE_LAST(null, VERSIONS_WITHOUT_GAP) {
        @Override
        List<ConsumerRecord<byte[], byte[]>> read(String topic, List<ConsumerRecord<byte[], byte[]>> records) {
            return topic.equals(TOPICS.promptCandidates()) ? withoutLast(records) : records;
        }
    },
    READS_ALL_REPORTS_BUT_THE_LAST(SETTLED_ONCE, null) {
        @Override
        List<ConsumerRecord<byte[], byte[]>> read(String topic, List<ConsumerRecord<byte[], byte[]>> records) {
            return topic.equals(TOPICS.evaluationReports()) ? withoutLast(records) : records;
        }
    },
    COMMITS_BEFORE_IT_WRITES(null, VERSIONS_WITHOUT_GAP) {
        @Override
        List<Transaction> transactions(Transaction whole) {
            return List.of(new Transaction(List.of(), whole.checkpoint), new Transaction(whole.records, Optional.empty()));
        }
    },
    WRITES_BEFORE_IT_COMMITS(null, VERSIONS_WITHOUT_GAP) {
        @Override
        List<Transaction> transactions(Transaction whole) {
            return List.of(new Transaction(whole.records, Optional.empty()), new Transaction(List.of(), whole.checkpoint));
        }
    },
    WRITES_AGAIN_WHAT_WAS_WRITTEN(SETTLED_ONCE, VERSIONS_WITHOUT_GAP) {
        @Override
        List<Transaction> transactions(Transaction whole) {
            return List.of(whole, whole);
        }
    },
    HAS_A_TRANSACTIONAL_ID_OF_ITS_OWN(SETTLED_ONCE, VERSIONS_WITHOUT_GAP) {
        @Override
        boolean isFenced() {
            return false;
        }
    },
    READS_A_CHECKPOINT_THAT_IS_NOT_STABLE(SETTLED_ONCE, VERSIONS_WITHOUT_GAP) {
        @Override
        List<OffsetAndMetadata> committed(List<OffsetAndMetadata> checkpoints) {
            return withoutLast(checkpoints);
        }
    },
    ROLLS_OUT_BEFORE_IT_REPORTS(ONE_TRANSACTION, null) {
        @Override
        List<Transaction> transactions(Transaction whole) {
            return List.of(whole.with(record -> !isReport(record)), whole.with(Fault::isReport));
        }
    },
    ROLLS_OUT_WITHOUT_EMBEDDINGS(ONE_TRANSACTION, null) {
        @Override
        List<Transaction> transactions(Transaction whole) {
            return List.of(whole.with(record -> !record.topic().equals(TOPICS.classEmbeddings())));
        }
    },
    ALLOWS_ANY_LOSS(ERRORS_AS_PROMISED, null) {
        @Override
        String setting(String key, String value) {
            return key.endsWith("seen-drop") ? "0.9" : value;
        }
    },
    ROUNDS_OTHERWISE_AFTER_A_START(null, EQUAL_CANDIDATES) {
        @Override
        float rounding(int starts) {
            return 1e-7f * starts;
        }
    };

    /** What is written together, and with which checkpoint. */
    record Transaction(List<ProducerRecord<byte[], byte[]>> records, Optional<OffsetAndMetadata> checkpoint) {
        private Transaction with(Predicate<ProducerRecord<byte[], byte[]>> which) {
            return new Transaction(records.stream().filter(which).toList(), checkpoint);
        }
    }

    private static final TopicNames TOPICS = new TopicNames("");

    /** What gives it away in an evaluator, and in a learner. */
    final Optional<Invariant> ofEvaluator;
    final Optional<Invariant> ofLearner;

    Fault(Invariant ofEvaluator, Invariant ofLearner) {
        this.ofEvaluator = Optional.ofNullable(ofEvaluator);
        this.ofLearner = Optional.ofNullable(ofLearner);
    }

    private static <T> List<T> withoutLast(List<T> all) {
        return all.subList(0, Math.max(0, all.size() - 1));
    }

    private static boolean isReport(ProducerRecord<byte[], byte[]> record) {
        return record.topic().equals(TOPICS.evaluationReports());
    }

    /** Whether consumers get aborted records, too. */
    boolean readsAborted() {
        return false;
    }

    /** Where a consumer begins that is to begin at an offset. */
    long startsAt(long offset) {
        return offset;
    }

    /** What a poll hands over at a time of the service's clock. */
    List<ConsumerRecord<byte[], byte[]>> polled(List<ConsumerRecord<byte[], byte[]>> records, long now) {
        return records;
    }

    boolean isAtEnd(boolean is) {
        return is;
    }

    /** What a start finds in a topic. */
    List<ConsumerRecord<byte[], byte[]>> read(String topic, List<ConsumerRecord<byte[], byte[]>> records) {
        return records;
    }

    /** Whether a newer process of the service keeps an older one from writing. */
    boolean isFenced() {
        return true;
    }

    /** The checkpoints that it is told of, the last one last. */
    List<OffsetAndMetadata> committed(List<OffsetAndMetadata> checkpoints) {
        return checkpoints;
    }

    /** What becomes of what is to be one transaction, in this order. */
    List<Transaction> transactions(Transaction whole) {
        return List.of(whole);
    }

    String setting(String key, String value) {
        return value;
    }

    /** What the model adds to each element, after so many starts. */
    float rounding(int starts) {
        return 0;
    }
}
