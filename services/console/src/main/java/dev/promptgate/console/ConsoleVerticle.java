package dev.promptgate.console;

import dev.promptgate.clip.memory.DecodeMemory;
import dev.promptgate.console.config.ConsoleMeters;
import dev.promptgate.console.config.ConsoleSettings;
import dev.promptgate.console.http.ClassifyEndpoint;
import dev.promptgate.console.http.CommandEndpoint;
import dev.promptgate.console.http.ConsoleRouter;
import dev.promptgate.console.http.EventHub;
import dev.promptgate.console.image.ErasedImages;
import dev.promptgate.console.image.Thumbnails;
import dev.promptgate.console.kafka.FlowProbe;
import dev.promptgate.console.kafka.Intake;
import dev.promptgate.console.kafka.TopicFeed;
import dev.promptgate.console.state.ConsoleState;
import dev.promptgate.messaging.client.GateClient;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.messaging.trust.PromptKind;
import dev.promptgate.messaging.trust.PromptVerifier;
import dev.promptgate.service.api.ApiServer;
import dev.promptgate.service.api.ApiSettings;
import dev.promptgate.service.api.BearerToken;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.service.kafka.Catchup;
import dev.promptgate.service.kafka.RecordLoop;
import dev.promptgate.service.settings.SettingsValues;
import dev.promptgate.service.settings.TrustSettings;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the page: what the topics tell goes out as events, what people want comes in. All methods run on the verticle's context. */
public final class ConsoleVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(ConsoleVerticle.class);
    private static final long FLOW_MILLIS = 2_000;
    private static final int IDLE_SECONDS = 60;
    private static final int MAX_HEADER_BYTES = 16 << 10;

    private final ConsoleSettings settings;
    private final ApiSettings api;
    private final KafkaClients clients;
    private final TopicNames topics;
    private final Map<PromptKind, PromptVerifier> verifiers;
    private final DecodeMemory memory;
    private final ConsoleMeters meters;
    private final Consumer<Throwable> onFailure;
    private final RecordLoop.Observers observers;
    private final Catchup catchup = new Catchup("The console");
    private WorkerExecutor commands;
    private GateClient gate;
    private TopicFeed feed;
    private FlowProbe probe;
    private EventHub events;
    private Thumbnails thumbnails;
    private Future<Void> probing = Future.succeededFuture();
    private boolean probeFailed;
    private volatile HttpServer server;

    /**
     * The host is told when the topics cannot be read any more.
     *
     * @throws InvalidSettingsException if a key or a file for TLS cannot be used
     */
    public ConsoleVerticle(SettingsValues values, KafkaClients clients, TopicNames topics, ServiceHost host) {
        settings = new ConsoleSettings(values);
        api = new ApiSettings(values);
        this.clients = clients;
        this.topics = topics;
        TrustSettings trust = new TrustSettings(values);
        verifiers = Map.of(PromptKind.ROLLOUT, trust.rolloutVerifier(), PromptKind.CANDIDATE, trust.candidateVerifier());
        api.tls(); // now: a file that is missing shall end the start with its own line
        memory = host.decodeMemory();
        meters = new ConsoleMeters(host.registry());
        onFailure = host::fail;
        observers = new RecordLoop.Observers(meters.registry(), host.watchdog().activity("console-reading"));
        host.readiness().register("console-caught-up", catchup::isDone, catchup::detail);
    }

    /** The page's address once it is deployed; from any thread. */
    public String address() {
        return ApiServer.address(server, api, settings.values().get(ConsoleSettings.HOST));
    }

    @Override
    public Future<?> start() {
        commands = vertx.createSharedWorkerExecutor("promptgate-console-commands", 2, 1, TimeUnit.MINUTES);
        gate = new GateClient(clients, topics, settings.prompt());
        events = new EventHub(vertx, settings.values().get(ConsoleSettings.MAX_CLIENTS), EventHub.PATIENCE, meters);
        ErasedImages erased = new ErasedImages();
        thumbnails = new Thumbnails(vertx, clients, settings.imageLimits(memory), erased, topics.labelledImages(), meters);
        ConsoleState state = new ConsoleState(settings.prompt(), api.token().isPresent(), settings.classifier().isPresent());
        feed = new TopicFeed(vertx, clients, topics, new Intake(state, erased, topics, verifiers, meters), observers, catchup,
                events::publish, onFailure);
        probe = new FlowProbe(clients, topics, readers(), context);
        return feed.start().compose(done -> {
            vertx.setPeriodic(FLOW_MILLIS, id -> probe());
            CommandEndpoint commandEndpoint = new CommandEndpoint(api.token().map(BearerToken::new), gate, commands, meters);
            ClassifyEndpoint classifyEndpoint = new ClassifyEndpoint(vertx, settings, api.token(), meters);
            HttpServerOptions options = new HttpServerOptions().setIdleTimeout(IDLE_SECONDS).setMaxHeaderSize(MAX_HEADER_BYTES);
            return ApiServer.open(vertx, ConsoleRouter.create(vertx, topics, events, feed, thumbnails, commandEndpoint, classifyEndpoint),
                    options, api, settings.values().get(ConsoleSettings.HOST), settings.values().get(ConsoleSettings.PORT));
        }).onSuccess(open -> server = open);
    }

    private List<FlowProbe.Reader> readers() {
        return List.of(new FlowProbe.Reader("encoder", settings.encoderGroup(topics.prefix()), topics.labelledImages(), false),
                new FlowProbe.Reader("learner", settings.learnerGroup(topics.prefix()), topics.imageFeatures(), true),
                new FlowProbe.Reader("evaluator", settings.evaluatorGroup(topics.prefix()), topics.imageFeatures(), true));
    }

    private void probe() {
        if (!catchup.isDone() || !probing.isComplete()) {
            return;
        }
        probing = feed.counted().compose(probe::sample).compose(feed::flow).onComplete(result -> {
            if (result.failed() && !probeFailed) {
                LOG.warn("The flow cannot be measured; tries again [cause: {}]", result.cause().getMessage());
            }
            probeFailed = result.failed();
        });
    }

    /** Closes what was opened; pages come back when there is a server again. */
    @Override
    public Future<?> stop() {
        events.close();
        return (server == null ? Future.<Void>succeededFuture() : server.close()).eventually(feed::stop).eventually(thumbnails::close)
                .eventually(() -> commands.executeBlocking(Executors.callable(() -> {
                    probe.close();
                    gate.close();
                }))).eventually(commands::close);
    }
}
