package dev.promptgate.classifier;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.service.settings.SettingsValues;
import java.util.function.Supplier;

public final class ClassifierService {
    private ClassifierService() {}

    /** The verticle to deploy; the model is the caller's and must outlive it. */
    public static Supplier<ClassifierVerticle> verticle(SettingsValues values, KafkaClients clients, TopicNames topics, ClipModel model,
            ServiceHost host) {
        return () -> new ClassifierVerticle(values, clients, topics, model, host);
    }
}
