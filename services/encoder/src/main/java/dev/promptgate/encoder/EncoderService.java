package dev.promptgate.encoder;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.encoder.config.EncoderMeters;
import dev.promptgate.encoder.config.EncoderSettings;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.service.settings.SettingsValues;
import io.vertx.core.VerticleBase;
import java.util.function.Supplier;

public final class EncoderService {
    private EncoderService() {}

    /** The verticle to deploy; the model is the caller's and must outlive it. */
    public static Supplier<VerticleBase> verticle(SettingsValues values, KafkaClients clients, TopicNames topics, ClipModel model,
            ServiceHost host) {
        EncoderMeters meters = new EncoderMeters(host.registry());
        return () -> new EncoderVerticle(new EncoderSettings(values), clients, topics, model, meters, host::fail);
    }
}
