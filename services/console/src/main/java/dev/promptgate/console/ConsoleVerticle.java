package dev.promptgate.console;

import dev.promptgate.console.config.ConsoleMeters;
import dev.promptgate.console.config.ConsoleSettings;
import dev.promptgate.console.http.ClassifyEndpoint;
import dev.promptgate.console.http.CommandEndpoint;
import dev.promptgate.console.http.ConsoleRouter;
import dev.promptgate.console.http.EventHub;
import dev.promptgate.console.image.Thumbnails;
import dev.promptgate.console.kafka.ConsoleTrust;
import dev.promptgate.console.kafka.FlowProbe;
import dev.promptgate.console.kafka.Intake;
import dev.promptgate.console.kafka.TopicFeed;
import dev.promptgate.console.state.ConsoleState;
import dev.promptgate.messaging.client.GateClient;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.service.api.ApiServer;
import dev.promptgate.service.api.ApiSettings;
import dev.promptgate.service.kafka.Catchup;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.List;
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
    private final ConsoleTrust trust;
    private final ConsoleMeters meters;
    private final Consumer<Throwable> onFailure;
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

    /** @param onFailure told when the topics cannot be read any more */
    ConsoleVerticle(ConsoleSettings settings, ApiSettings api, KafkaClients clients, TopicNames topics, ConsoleTrust trust,
            ConsoleMeters meters, Consumer<Throwable> onFailure) {
        this.settings = settings;
        this.api = api;
        this.clients = clients;
        this.topics = topics;
        this.trust = trust;
        this.meters = meters;
        this.onFailure = onFailure;
    }

    /** How far the console is with what was in its topics at the start. */
    Catchup catchup() {
        return catchup;
    }

    /** The page's address once it is deployed; from any thread. */
    public String address() {
        return ApiServer.address(server, api, settings.host());
    }

    @Override
    public Future<?> start() {
        commands = vertx.createSharedWorkerExecutor("promptgate-console-commands", 2, 1, TimeUnit.MINUTES);
        gate = new GateClient(clients, topics, settings.prompt());
        events = new EventHub(vertx, settings.maxClients(), meters);
        thumbnails = new Thumbnails(vertx, clients, topics, settings.imageLimits(), meters);
        ConsoleState state = new ConsoleState(settings.prompt(), api.token().isPresent(), settings.classifier().isPresent());
        feed = new TopicFeed(vertx, clients, topics, new Intake(state, topics, trust, meters), meters.registry(), catchup, events::publish,
                onFailure);
        probe = new FlowProbe(clients, topics, readers(), context);
        return feed.start().compose(done -> {
            vertx.setPeriodic(FLOW_MILLIS, id -> probe());
            CommandEndpoint commandEndpoint = new CommandEndpoint(api.token(), gate, commands, meters);
            ClassifyEndpoint classifyEndpoint = new ClassifyEndpoint(vertx, settings, api.token(), meters);
            HttpServerOptions options = new HttpServerOptions().setIdleTimeout(IDLE_SECONDS).setMaxHeaderSize(MAX_HEADER_BYTES);
            return ApiServer.open(vertx, ConsoleRouter.create(vertx, events, feed, thumbnails, commandEndpoint, classifyEndpoint), options,
                    api, settings.host(), settings.port());
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
                .eventually(() -> commands.executeBlocking(() -> {
                    probe.close();
                    gate.close();
                    return null;
                })).eventually(commands::close);
    }
}
