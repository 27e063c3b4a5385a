package dev.promptgate.cli.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.cli.command.CommonOptions;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.command.GateCommand;
import dev.promptgate.messaging.command.GateCommandCodec;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.SettingsValues;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** Sends an operator's command to the evaluator by way of its topic, and waits for the report about it. Blocking. */
final class GateClient {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KafkaClients clients;
    private final TopicNames topics;
    private final byte[] prompt;

    GateClient(SettingsValues values) {
        clients = CommonOptions.clients(values);
        topics = CommonOptions.topics(values);
        prompt = new PromptSettings(values).name().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The evaluator's report; empty if there was none in time.
     *
     * @throws IOException if Kafka does not take the command
     */
    Optional<JsonNode> send(GateCommand command, Duration wait) throws IOException, InterruptedException {
        TopicPartition reports = new TopicPartition(topics.evaluationReports(), 0);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(new HashMap<>(clients.consumer()));
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(new HashMap<>(clients.producer()))) {
            consumer.assign(List.of(reports));
            consumer.seekToEnd(List.of(reports));
            consumer.position(reports); // now, so that the answer cannot come before
            producer.send(new ProducerRecord<>(topics.gateCommands(), prompt, GateCommandCodec.encode(command))).get();
            for (long end = System.nanoTime() + wait.toNanos(); System.nanoTime() < end;) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    JsonNode report = JSON.readTree(record.value());
                    if (report.path("command_id").asText().equals(command.id())) {
                        return Optional.of(report);
                    }
                }
            }
            return Optional.empty();
        } catch (ExecutionException e) {
            throw new IOException("Kafka did not take the command [topic: %s, cause: %s]".formatted(topics.gateCommands(), e.getCause().getMessage()), e);
        }
    }
}
