package dev.promptgate.classifier.shadow;

import dev.promptgate.classifier.config.ClassifierMeters;
import dev.promptgate.classifier.config.ClassifierSettings;
import dev.promptgate.classifier.prompt.PromptClassifier;
import dev.promptgate.follower.LivePrompt;
import dev.promptgate.follower.PromptFollower;
import dev.promptgate.follower.PromptSource;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.record.PromptKey;
import dev.promptgate.messaging.report.ShadowReport;
import java.util.HashMap;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shadow mode with its own follower, and a producer of {@code shadow-reports}. A report that cannot be written is told in the log, and
 * lost: it decides nothing. Blocking; whoever opens it closes it.
 */
public final class Shadow implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Shadow.class);

    private final String prompt;
    private final String model;
    private final String topic;
    private final Producer<byte[], byte[]> producer;
    private final ShadowMode mode;
    private final PromptFollower follower;

    /**
     * Begins to follow the candidates.
     *
     * @param candidates what is followed, and what is believed of it
     * @param reportTopic where reports go
     * @param model its fingerprint
     * @param prepare makes a candidate ready to answer
     */
    public Shadow(ClassifierSettings settings, KafkaClients clients, PromptSource candidates, String reportTopic, String model,
            Function<LivePrompt, PromptClassifier> prepare, ClassifierMeters meters) {
        prompt = settings.prompt();
        this.model = model;
        topic = reportTopic;
        producer = new KafkaProducer<>(new HashMap<>(clients.producer()));
        mode = new ShadowMode(prepare, this::write, meters, settings.get(ClassifierSettings.SHADOW_INTERVAL));
        follower = new PromptFollower(candidates).onChange(mode).start();
    }

    private void write(ShadowTally tally, long from, long to, long dropped) {
        ShadowReport report = tally.report(prompt, model, from, to, dropped);
        producer.send(new ProducerRecord<>(topic, new PromptKey(prompt).bytes(), report.encode()), (written, failure) -> {
            if (failure != null) {
                LOG.warn("A report of the shadow mode is lost [topic: {}, candidate: {}, images: {}, cause: {}]", topic,
                        report.asked().candidateVersion(), report.tally().images(), failure.toString());
            }
        });
    }

    /** What is to be told of every answer. */
    public ShadowMode mode() {
        return mode;
    }

    @Override
    public void close() {
        follower.close();
        mode.close();
        producer.close();
    }
}
