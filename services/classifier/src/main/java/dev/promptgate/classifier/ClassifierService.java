package dev.promptgate.classifier;

import dev.promptgate.classifier.prompt.ClassesFile;
import dev.promptgate.classifier.prompt.PromptClassifier;
import dev.promptgate.classifier.prompt.PromptSwitch;
import dev.promptgate.classifier.shadow.Shadow;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.text.ClassNameCheck;
import dev.promptgate.clip.text.Context;
import dev.promptgate.follower.LivePrompt;
import dev.promptgate.follower.ModelCheck;
import dev.promptgate.follower.PromptFollower;
import dev.promptgate.follower.PromptSource;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.service.api.ApiSettings;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.service.settings.SettingsValues;
import dev.promptgate.service.settings.TrustSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;

/** Puts the classifier together. */
public final class ClassifierService {
    private ClassifierService() {}

    /** The verticle to deploy; the model is the caller's and must outlive it. */
    public static Supplier<ClassifierVerticle> verticle(SettingsValues values, KafkaClients clients, TopicNames topics, ClipModel model,
            ServiceHost host) {
        return () -> assemble(values, clients, topics, model, host);
    }

    static ClassifierVerticle assemble(SettingsValues values, KafkaClients clients, TopicNames topics, ClipModel model, ServiceHost host) {
        ClassifierSettings settings = new ClassifierSettings(values);
        ClassifierMeters meters = new ClassifierMeters(host.registry(), settings.prompt());
        Context handWritten = model.textEncoder().contextFrom(settings.contextInit());
        List<String> more = ClassesFile.read(settings.classesFile(), ClassifierSettings.CLASSES.key(),
                new ClassNameCheck(model.textEncoder(), handWritten.tokens()));
        PromptSwitch prompts = new PromptSwitch(model, handWritten, more, settings.textCache(), meters);
        PromptClassifier plain = PromptClassifier.prepare(LivePrompt.handWritten(settings.prompt()), model, handWritten, List.of(),
                settings.textCache());
        TrustSettings trust = new TrustSettings(values);
        ModelCheck check = new ModelCheck(settings.prompt(), model, handWritten.tokens());
        PromptSource rollouts = PromptSource.rollouts(clients, topics, settings.prompt()).verifiedBy(trust.rolloutVerifier())
                .checkedBy(check);
        PromptFollower follower = new PromptFollower(rollouts).onChange(prompts).showsMetrics(consumer -> bind(consumer, host.registry()));
        PromptSource candidates = PromptSource.candidates(clients, topics, settings.prompt()).verifiedBy(trust.candidateVerifier())
                .checkedBy(check);
        Optional<Supplier<Shadow>> shadow = !settings.shadow() ? Optional.empty()
                : Optional.of(() -> new Shadow(settings, clients, candidates, topics.shadowReports(), model,
                        candidate -> PromptClassifier.prepare(candidate, model, handWritten, more, settings.textCache()), meters));
        host.readiness().register("classifier-caught-up", () -> prompts.current().isPresent());
        return new ClassifierVerticle(settings, new ApiSettings(values), model, prompts, plain, follower, meters, shadow);
    }

    /** Kafka's own meters, by which alerts see that no broker can be reached. */
    private static Runnable bind(Consumer<?, ?> consumer, MeterRegistry registry) {
        KafkaClientMetrics metrics = new KafkaClientMetrics(consumer);
        metrics.bindTo(registry);
        return metrics::close;
    }
}
