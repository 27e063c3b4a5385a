package dev.promptgate.learner;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.learner.config.LearnerMeters;
import dev.promptgate.learner.config.LearnerSettings;
import dev.promptgate.learner.config.LearnerTrust;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.SettingsValues;
import dev.promptgate.service.settings.TrustSettings;
import io.vertx.core.VerticleBase;
import java.util.function.Supplier;

public final class LearnerService {
    private LearnerService() {}

    /** The verticle to deploy; the model is the caller's and must outlive it. */
    public static Supplier<VerticleBase> verticle(SettingsValues values, KafkaClients clients, TopicNames topics, ClipModel model,
            ServiceHost host) {
        LearnerMeters meters = new LearnerMeters(host.registry(), values.get(PromptSettings.NAME));
        LearnerTrust trust = LearnerTrust.of(new TrustSettings(values)); // now: a key that cannot be used ends the start
        return () -> {
            LearnerVerticle verticle = new LearnerVerticle(new LearnerSettings(values), clients, topics, model, trust, meters, host::fail);
            host.readiness().register("learner-caught-up", verticle.catchup()::isDone, verticle.catchup()::detail);
            return verticle;
        };
    }
}
