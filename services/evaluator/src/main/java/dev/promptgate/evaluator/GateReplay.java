package dev.promptgate.evaluator;

import dev.promptgate.clip.PromptModel;
import dev.promptgate.evaluator.GatekeeperStart.EvaluatorTrust;
import dev.promptgate.evaluator.config.EvaluatorMeters;
import dev.promptgate.evaluator.config.EvaluatorSettings;
import dev.promptgate.messaging.client.TopicReader;
import dev.promptgate.messaging.report.EvaluationReport.VerdictReport;
import dev.promptgate.messaging.report.ReportCodec;
import dev.promptgate.messaging.report.ReportCodec.InvalidReportException;
import dev.promptgate.messaging.topic.TopicNames;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * What an evaluator decides that is left alone with the records of its topics, from the first one on, and writes nothing: for whoever
 * checks the reports of one that was not. What the clock prompts, measurements above all, is not among it. Blocking; runs the text tower as
 * often as the evaluator did. Not thread-safe.
 */
public final class GateReplay {
    private static final TopicNames TOPICS = new TopicNames("");

    private final Map<String, List<ConsumerRecord<byte[], byte[]>>> kept = new HashMap<>();
    private final List<VerdictReport> verdicts = new ArrayList<>();
    private final Gatekeeper gatekeeper;

    /** @param settings those of the evaluator that is checked */
    public GateReplay(EvaluatorSettings settings, PromptModel model, EvaluatorTrust trust, MeterRegistry registry) {
        gatekeeper = GatekeeperStart.read(settings, new GatekeeperStart.Means(KeptRecords::new, TOPICS, model, trust,
                new EvaluatorMeters(registry, settings.prompt()), Clock.SYSTEM), (records, checkpoint) -> keep(records)).gatekeeper();
    }

    /** Takes in the next record of image-features; those of the three topics must come in the order of their times. */
    public void feature(ConsumerRecord<byte[], byte[]> record) {
        gatekeeper.feature(record);
    }

    public void candidate(ConsumerRecord<byte[], byte[]> record) {
        keep(TOPICS.promptCandidates(), record);
        gatekeeper.candidate(record);
    }

    public void command(ConsumerRecord<byte[], byte[]> record) {
        gatekeeper.command(record);
    }

    /** Nothing was there to take in at this time, epoch milliseconds. */
    public void idle(long time) {
        gatekeeper.idle(time);
    }

    /** All verdicts so far, the oldest first. */
    public List<VerdictReport> verdicts() {
        return List.copyOf(verdicts);
    }

    private void keep(Collection<ProducerRecord<byte[], byte[]>> records) {
        for (ProducerRecord<byte[], byte[]> record : records) {
            if (record.topic().equals(TOPICS.evaluationReports())) {
                keep(record.topic(), new ConsumerRecord<>(record.topic(), 0, 0, record.key(), record.value()));
                take(record.value());
            }
        }
    }

    private void keep(String topic, ConsumerRecord<byte[], byte[]> record) {
        kept.computeIfAbsent(topic, name -> new ArrayList<>()).add(record);
    }

    private void take(byte[] report) {
        try {
            if (ReportCodec.decode(report) instanceof VerdictReport verdict) {
                verdicts.add(verdict);
            }
        } catch (InvalidReportException e) {
            throw new IllegalStateException("A report that was just written cannot be read", e);
        }
    }

    /** Candidates and reports as they came, for a rollback to a version that was live; of everything else there is nothing yet. */
    private final class KeptRecords implements TopicReader {
        @Override
        public List<TopicPartition> partitions(String topic) {
            return List.of(new TopicPartition(topic, 0));
        }

        @Override
        public long begin(TopicPartition partition) {
            return 0;
        }

        @Override
        public Map<TopicPartition, Long> ends(String topic) {
            return Map.of(new TopicPartition(topic, 0), 0L);
        }

        @Override
        public Map<TopicPartition, Long> forEach(String topic, Consumer<ConsumerRecord<byte[], byte[]>> action) {
            kept.getOrDefault(topic, List.of()).forEach(action);
            return ends(topic);
        }

        @Override
        public void close() {
            // nothing is held
        }
    }
}
