package dev.promptgate.messaging.client;

import dev.promptgate.messaging.command.GateCommand;
import dev.promptgate.messaging.record.PromptKey;
import dev.promptgate.messaging.report.EvaluationReport;
import dev.promptgate.messaging.report.ReportCodec;
import dev.promptgate.messaging.report.ReportCodec.InvalidReportException;
import dev.promptgate.messaging.topic.TopicNames;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Sends operators' commands to the evaluator of one prompt by way of their topic. Blocking; any thread may send. */
public final class GateClient implements AutoCloseable {
    /** Somebody waits for the outcome: much less than a producer's two minutes. */
    private static final Map<String, String> IMPATIENT = Map.of(ProducerConfig.MAX_BLOCK_MS_CONFIG, "15000",
            ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "10000",
            ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "20000");

    private final KafkaClients clients;
    private final TopicNames topics;
    private final PromptKey prompt;
    private final KafkaProducer<byte[], byte[]> producer;

    public GateClient(KafkaClients clients, TopicNames topics, String prompt) {
        this.clients = clients;
        this.topics = topics;
        this.prompt = new PromptKey(prompt);
        Map<String, Object> config = new HashMap<>(clients.producer());
        if (IMPATIENT.keySet().stream().noneMatch(clients.properties()::containsKey)) { // they must fit each other
            config.putAll(IMPATIENT);
        }
        producer = new KafkaProducer<>(config);
    }

    /** Returns when Kafka has the command; the report about it has its id. Throws IOException if Kafka does not take it. */
    public void submit(GateCommand command) throws IOException, InterruptedException {
        try {
            producer.send(new ProducerRecord<>(topics.gateCommands(), prompt.bytes(), command.encode())).get();
        } catch (ExecutionException e) {
            throw refused(e.getCause());
        } catch (KafkaException e) {
            throw refused(e);
        }
    }

    private IOException refused(Throwable cause) {
        return new IOException("Kafka did not take the command [topic: %s, cause: %s]".formatted(topics.gateCommands(), cause.getMessage()),
                cause);
    }

    /**
     * Sends a command and waits for the evaluator's report; empty if there was none in time.
     *
     * @throws IOException if Kafka does not take the command
     */
    public Optional<EvaluationReport> ask(GateCommand command, Duration wait) throws IOException, InterruptedException {
        TopicPartition reports = new TopicPartition(topics.evaluationReports(), 0);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(new HashMap<>(clients.consumer()))) {
            consumer.assign(List.of(reports));
            consumer.seekToEnd(List.of(reports));
            consumer.position(reports); // now, so that the answer cannot come before
            submit(command);
            for (long end = System.nanoTime() + wait.toNanos(); System.nanoTime() < end;) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    Optional<EvaluationReport> answer = answer(command, record.value());
                    if (answer.isPresent()) {
                        return answer;
                    }
                }
            }
            return Optional.empty();
        }
    }

    private static Optional<EvaluationReport> answer(GateCommand command, byte[] value) {
        try {
            EvaluationReport report = ReportCodec.decode(value);
            return report.command().filter(answer -> answer.commandId().equals(command.id())).map(answer -> report);
        } catch (InvalidReportException e) {
            return Optional.empty(); // of somebody else
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
