package dev.promptgate.evaluator;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.evaluator.GatekeeperStart.EvaluatorTrust;
import dev.promptgate.evaluator.config.EvaluatorMeters;
import dev.promptgate.evaluator.config.EvaluatorSettings;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.SettingsValues;
import dev.promptgate.service.settings.TrustSettings;
import io.vertx.core.VerticleBase;
import java.util.function.Supplier;

public final class EvaluatorService {
    private EvaluatorService() {}

    /** The verticle to deploy; the model is the caller's and must outlive it. */
    public static Supplier<VerticleBase> verticle(SettingsValues values, KafkaClients clients, TopicNames topics, ClipModel model,
            ServiceHost host) {
        EvaluatorMeters meters = new EvaluatorMeters(host.registry(), values.get(PromptSettings.NAME));
        EvaluatorTrust trust = EvaluatorTrust.of(new TrustSettings(values));
        return () -> {
            EvaluatorVerticle verticle = new EvaluatorVerticle(new EvaluatorSettings(values),
                    new GatekeeperStart.Means(clients, topics, model, trust, meters), host::fail);
            host.readiness().register("evaluator-caught-up", verticle.catchup()::isDone, verticle.catchup()::detail);
            return verticle;
        };
    }
}
