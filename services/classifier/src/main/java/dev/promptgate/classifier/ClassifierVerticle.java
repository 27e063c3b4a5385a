package dev.promptgate.classifier;

import dev.promptgate.classifier.answer.Classification;
import dev.promptgate.classifier.config.ClassifierMeters;
import dev.promptgate.classifier.config.ClassifierMeters.Overload;
import dev.promptgate.classifier.config.ClassifierSettings;
import dev.promptgate.classifier.http.ClassifierApi;
import dev.promptgate.classifier.prompt.ClassesFile;
import dev.promptgate.classifier.prompt.PromptClassifier;
import dev.promptgate.classifier.prompt.PromptSwitch;
import dev.promptgate.classifier.shadow.Shadow;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.memory.DecodeMemory;
import dev.promptgate.clip.text.ClassNameCheck;
import dev.promptgate.clip.text.Context;
import dev.promptgate.follower.LivePrompt;
import dev.promptgate.follower.ModelCheck;
import dev.promptgate.follower.PromptFollower;
import dev.promptgate.follower.PromptSource;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.service.api.Admission;
import dev.promptgate.service.api.ApiServer;
import dev.promptgate.service.api.ApiSettings;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.SettingsValues;
import dev.promptgate.service.settings.TrustSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers applications over HTTP with the live prompt. Stopping, it answers what it has in hand. */
public final class ClassifierVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(ClassifierVerticle.class);

    private final ClassifierSettings settings;
    private final ApiSettings api;
    private final ClipModel model;
    private final DecodeMemory memory;
    private final ClassifierMeters meters;
    private final PromptSwitch prompts;
    private final PromptClassifier handWritten;
    private final PromptFollower follower;
    private final Supplier<Shadow> shadowMode;
    private Admission admission;
    private Classification classification;
    private HttpServer server;
    private Optional<Shadow> shadow = Optional.empty();

    /**
     * Puts the classifier together; the model is the caller's and must outlive it. Blocking.
     *
     * @throws InvalidSettingsException if the file of classes or a key cannot be used
     */
    public ClassifierVerticle(SettingsValues values, KafkaClients clients, TopicNames topics, ClipModel model, ServiceHost host) {
        this.model = model;
        settings = new ClassifierSettings(values);
        api = new ApiSettings(values);
        memory = host.decodeMemory();
        meters = new ClassifierMeters(host.registry(), settings.prompt());
        Context words = model.textEncoder().contextFrom(values.get(PromptSettings.CONTEXT_INIT));
        List<String> more = ClassesFile.read(values.get(ClassifierSettings.CLASSES).strip(), ClassifierSettings.CLASSES.key(),
                new ClassNameCheck(model.textEncoder(), words.tokens()));
        int textCache = values.get(ClassifierSettings.TEXT_CACHE);
        Function<LivePrompt, PromptClassifier> prepare = live -> PromptClassifier.prepare(live, model, words, more, textCache);
        prompts = new PromptSwitch(prepare, meters);
        handWritten = PromptClassifier.prepare(LivePrompt.handWritten(settings.prompt()), model, words, List.of(), textCache);
        TrustSettings trust = new TrustSettings(values);
        ModelCheck check = new ModelCheck(settings.prompt(), model, words.tokens());
        follower = new PromptFollower(
                PromptSource.rollouts(clients, topics, settings.prompt()).verifiedBy(trust.rolloutVerifier()).checkedBy(check))
                .onChange(prompts).showsMetrics(consumer -> bind(consumer, host.registry()));
        PromptSource candidates = PromptSource.candidates(clients, topics, settings.prompt()).verifiedBy(trust.candidateVerifier())
                .checkedBy(check);
        shadowMode = () -> new Shadow(settings, clients, candidates, topics.shadowReports(), model.fingerprint(), prepare, meters);
        host.watchdog().watch("classifier-prompt", follower::stillMillis);
        host.readiness().register("classifier-caught-up", () -> prompts.current().isPresent());
    }

    /** Kafka's own meters, by which alerts see that no broker can be reached. */
    private static Runnable bind(Consumer<?, ?> consumer, MeterRegistry registry) {
        KafkaClientMetrics metrics = new KafkaClientMetrics(consumer);
        metrics.bindTo(registry);
        return metrics::close;
    }

    @Override
    public Future<?> start() {
        boolean isShadowed = settings.values().get(ClassifierSettings.SHADOW);
        return vertx.executeBlocking(() -> shadow = isShadowed ? Optional.of(shadowMode.get()) : Optional.empty()).compose(observer -> {
            admission = new Admission(settings.values().get(ClassifierSettings.MAX_REQUESTS),
                    settings.maxInFlightBytes(),
                    refusal -> meters.increment(ClassifierMeters.OVERLOAD, Overload.of(refusal)));
            meters.gauge(ClassifierMeters.IN_FLIGHT, admission::requests);
            meters.gauge(ClassifierMeters.IN_FLIGHT_BYTES, admission::bytes);
            classification = new Classification(settings, model, memory, prompts, handWritten, meters, observer);
            return open();
        });
    }

    private Future<PromptFollower> open() {
        ClassifierApi paths = new ClassifierApi(vertx, settings, meters, prompts, model.fingerprint());
        String host = settings.values().get(ClassifierSettings.HOST);
        return ApiServer.open(vertx, paths.router(api, classification, admission), paths.options(), api, host,
                settings.values().get(ClassifierSettings.PORT)).onSuccess(open -> {
                    server = open;
                    LOG.info("Classifies at {} [prompt: {}, token: {}]", ApiServer.address(open, api, host), settings.prompt(),
                            api.token().isPresent() ? "needed" : "none");
                }).compose(open -> vertx.executeBlocking(follower::start)).onFailure(cause -> close());
    }

    /** Where applications ask, once it is started. */
    public String address() {
        return ApiServer.address(server, api, settings.values().get(ClassifierSettings.HOST));
    }

    @Override
    public Future<?> stop() {
        return admission.close().eventually(server::close).eventually(() -> vertx.executeBlocking(Executors.callable(this::close)));
    }

    private void close() {
        follower.close();
        classification.close();
        shadow.ifPresent(Shadow::close);
    }
}
