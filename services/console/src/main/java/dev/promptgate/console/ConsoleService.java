package dev.promptgate.console;

import dev.promptgate.console.config.ConsoleMeters;
import dev.promptgate.console.config.ConsoleSettings;
import dev.promptgate.console.kafka.ConsoleTrust;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.service.api.ApiSettings;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.service.settings.SettingsValues;
import dev.promptgate.service.settings.TrustSettings;
import java.util.function.Supplier;

public final class ConsoleService {
    private ConsoleService() {}

    public static Supplier<ConsoleVerticle> verticle(SettingsValues values, KafkaClients clients, TopicNames topics, ServiceHost host) {
        ConsoleMeters meters = new ConsoleMeters(host.registry());
        TrustSettings settings = new TrustSettings(values);
        ConsoleTrust trust = new ConsoleTrust(settings.rolloutVerifier(), settings.candidateVerifier());
        ApiSettings api = new ApiSettings(values);
        api.tls(); // now: a file that is missing shall end the start with its own line
        return () -> {
            ConsoleVerticle verticle = new ConsoleVerticle(new ConsoleSettings(values), api, clients, topics, trust, meters, host::fail);
            host.readiness().register("console-caught-up", verticle.catchup()::isDone, verticle.catchup()::detail);
            return verticle;
        };
    }
}
