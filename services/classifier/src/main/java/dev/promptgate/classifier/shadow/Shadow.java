package dev.promptgate.classifier.shadow;

import dev.promptgate.classifier.ClassifierMeters;
import dev.promptgate.classifier.ClassifierSettings;
import dev.promptgate.classifier.prompt.PromptClassifier;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.follower.LivePrompt;
import dev.promptgate.follower.PromptFollower;
import dev.promptgate.follower.PromptSource;
import dev.promptgate.messaging.client.KafkaClients;
import java.util.HashMap;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;

/** The shadow mode with its own follower and producer. Blocking; whoever opens it closes it. */
public final class Shadow implements AutoCloseable {
    private final Producer<byte[], byte[]> producer;
    private final ShadowMode mode;
    private final PromptFollower follower;

    /**
     * Begins to follow the candidates.
     *
     * @param candidates what is followed, and what is believed of it
     * @param reportTopic where reports go
     * @param prepare makes a candidate ready to answer
     */
    public Shadow(ClassifierSettings settings, KafkaClients clients, PromptSource candidates, String reportTopic, ClipModel model,
            Function<LivePrompt, PromptClassifier> prepare,
            ClassifierMeters meters) {
        producer = new KafkaProducer<>(new HashMap<>(clients.producer()));
        mode = new ShadowMode(prepare, new ShadowReports(producer, reportTopic, settings.prompt(), model.fingerprint()), meters,
                settings.shadowInterval());
        follower = new PromptFollower(candidates).onChange(mode).start();
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
