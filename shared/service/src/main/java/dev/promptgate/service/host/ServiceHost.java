package dev.promptgate.service.host;

import dev.promptgate.clip.memory.DecodeMemory;
import dev.promptgate.service.api.HostNames;
import dev.promptgate.service.settings.HttpSettings;
import dev.promptgate.service.settings.ImageSettings;
import dev.promptgate.service.settings.SettingsValues;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every service runs in: Vert.x with a Prometheus registry, an HTTP endpoint for metrics and health, and verticles. Whoever creates it
 * closes it. Thread-safe.
 */
public final class ServiceHost implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceHost.class);
    /** Longer than between two scrapes, so that Prometheus keeps its connection; who says nothing for so long loses it. */
    static final Duration IDLE_TIME = Duration.ofSeconds(120);
    private static final long LOOK_MILLIS = 5_000;

    private final SettingsValues settings;
    private final Duration idleTime;
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics gcMetrics = new JvmGcMetrics();
    private final HostMeters meters = new HostMeters(registry);
    private final DecodeMemory decodeMemory;
    private final Readiness readiness;
    private final Watchdog watchdog;
    private final Promise<Void> failure = Promise.promise();
    private final List<String> deployments = Collections.synchronizedList(new ArrayList<>());
    private final Vertx vertx;
    private volatile boolean deployed;
    private volatile HttpServer server;

    /** Starts Vert.x, and nothing else. */
    public ServiceHost(SettingsValues settings) {
        this(settings, IDLE_TIME, System::nanoTime);
    }

    /** With connections that may say nothing for so long, and another clock for the watchdog. */
    ServiceHost(SettingsValues settings, Duration idleTime, LongSupplier watchdogNanos) {
        this.settings = settings;
        this.idleTime = idleTime;
        vertx = Vertx.builder()
                // Else Vert.x makes a folder in the temporary one, which stays there when the process is killed.
                .with(new VertxOptions()
                        .setFileSystemOptions(new FileSystemOptions().setClassPathResolvingEnabled(false).setFileCachingEnabled(false))
                        .setMetricsOptions(new MicrometerMetricsOptions().setEnabled(true)))
                .withMetrics(new MicrometerMetricsFactory(registry))
                .build();
        vertx.exceptionHandler(this::onUnhandled);
        gcMetrics.bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        meters.observe(vertx);
        decodeMemory = ImageSettings.decodeMemory(settings);
        meters.observe(decodeMemory);
        readiness = new Readiness(vertx, meters);
        readiness.register("deployed", () -> deployed);
        readiness.register("no-failure", () -> !failure.future().failed());
        watchdog = new Watchdog(settings.get(HttpSettings.STALL_LIMIT), meters, watchdogNanos);
        vertx.setPeriodic(LOOK_MILLIS, id -> watchdog.look());
    }

    /** The Vert.x that verticles run in. */
    public Vertx vertx() {
        return vertx;
    }

    public PrometheusMeterRegistry registry() {
        return registry;
    }

    /** What all verticles together may take for decoding images. */
    public DecodeMemory decodeMemory() {
        return decodeMemory;
    }

    /** Where verticles register what they need before they take work. */
    public Readiness readiness() {
        return readiness;
    }

    /** Where verticles name the work that must not stand still. */
    public Watchdog watchdog() {
        return watchdog;
    }

    /**
     * Opens the HTTP endpoint, which answers "not ready" for now, then deploys the verticles one after another. A port that is taken thus
     * ends a second process before it could fence the first out of its transactions.
     */
    @SafeVarargs
    public final Future<Void> start(Supplier<? extends Deployable>... verticles) {
        Future<Void> chain = open().onSuccess(open -> server = open).mapEmpty();
        for (Supplier<? extends Deployable> verticle : verticles) {
            chain = chain.compose(done -> vertx.deployVerticle(verticle.get()).onSuccess(deployments::add).mapEmpty());
        }
        return chain.onSuccess(done -> deployed = true);
    }

    /** {@code /metrics}, {@code /health/live} and {@code /health/ready}. */
    private Future<HttpServer> open() {
        Router router = Router.router(vertx);
        router.get("/metrics").handler(context -> vertx.executeBlocking(registry::scrape, false)
                .onSuccess(text -> context.response().putHeader("content-type", "text/plain; version=0.0.4; charset=utf-8").end(text))
                .onFailure(context::fail));
        router.get("/health/live").handler(this::answerLive);
        router.get("/health/ready").handler(context -> readiness.check().onFailure(context::fail).onSuccess(result -> {
            JsonObject body = result.toJson();
            body.remove("outcome"); // the status, once more
            context.response().setStatusCode(result.getUp() ? 200 : 503);
            context.json(body);
        }));
        String host = settings.get(HttpSettings.HOST);
        return vertx
                .createHttpServer(
                        new HttpServerOptions().setIdleTimeout((int) idleTime.toMillis()).setIdleTimeoutUnit(TimeUnit.MILLISECONDS))
                .requestHandler(HostNames.of(host, "").guarding(router)).listen(settings.get(HttpSettings.PORT), host);
    }

    private void answerLive(RoutingContext context) {
        Map<String, Instant> stalls = watchdog.stalls();
        JsonObject body = new JsonObject().put("status", stalls.isEmpty() ? "UP" : "DOWN");
        if (!stalls.isEmpty()) {
            JsonArray checks = new JsonArray();
            stalls.forEach((name, since) -> checks.add(new JsonObject().put("id", name).put("status", "DOWN").put("data",
                    new JsonObject().put("detail", "stands still since " + since))));
            body.put("checks", checks);
        }
        context.response().setStatusCode(stalls.isEmpty() ? 200 : 503);
        context.json(body);
    }

    /** The port that metrics and health listen on; 0 before they do. */
    public int port() {
        HttpServer open = server;
        return open == null ? 0 : open.actualPort();
    }

    /** Tells that a verticle's work broke for good; the first failure counts. */
    public void fail(Throwable cause) {
        failure.tryFail(!(cause instanceof OutOfMemoryError) ? cause
                : new IllegalStateException("The heap is full; raise -Xmx [heap: %d]".formatted(Runtime.getRuntime().maxMemory()), cause));
    }

    /** What nobody on an event loop or worker dealt with. */
    private void onUnhandled(Throwable cause) {
        LOG.error("Unhandled exception", cause);
        if (cause instanceof OutOfMemoryError) {
            fail(cause);
        }
    }

    /** Fails when {@link #fail} was called; never succeeds. */
    public Future<Void> failure() {
        return failure.future();
    }

    /** Stops the verticles in reverse order, which finish what they have in hand, then Vert.x. */
    public Future<Void> stop() {
        deployed = false;
        List<String> ids = new ArrayList<>(deployments);
        deployments.clear();
        Collections.reverse(ids);
        Future<Void> chain = Future.succeededFuture();
        for (String id : ids) {
            chain = chain.eventually(() -> vertx.undeploy(id));
        }
        return chain.eventually(vertx::close).eventually(() -> {
            gcMetrics.close();
            return Future.succeededFuture();
        });
    }

    /** Stops and waits, at most as long as the settings allow. */
    @Override
    public void close() {
        Duration limit = settings.get(HttpSettings.SHUTDOWN_TIMEOUT);
        try {
            stop().await(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("The service did not stop in time [limit: " + limit + "]", e);
        }
    }
}
