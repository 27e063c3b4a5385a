package dev.promptgate.ingest;

import dev.promptgate.ingest.config.IngestMeters;
import dev.promptgate.ingest.config.IngestSettings;
import dev.promptgate.ingest.http.IngestApi;
import dev.promptgate.ingest.labelstudio.EventIntake;
import dev.promptgate.ingest.topic.AnnotationIndex;
import dev.promptgate.ingest.topic.LabelWriter;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.service.api.Admission;
import dev.promptgate.service.api.ApiServer;
import dev.promptgate.service.api.ApiSettings;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.service.settings.SettingsValues;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServer;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes labels over HTTP and writes them to {@code labelled-images}; nothing is said to be accepted that Kafka has not acknowledged. Knows
 * no model. Stopping, it answers what it has in hand.
 */
public final class IngestVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(IngestVerticle.class);

    private final IngestSettings settings;
    private final ApiSettings api;
    private final KafkaClients clients;
    private final TopicNames topics;
    private final IngestMeters meters;
    private Admission admission;
    private WorkerExecutor worker;
    private LabelWriter writer;
    private AnnotationIndex annotations;
    private HttpServer server;

    /** @throws InvalidSettingsException if a file for TLS cannot be used */
    public IngestVerticle(SettingsValues values, KafkaClients clients, TopicNames topics, ServiceHost host) {
        settings = new IngestSettings(values);
        api = new ApiSettings(values);
        api.tls(); // now: a file that is missing shall end the start with its own line
        this.clients = clients;
        this.topics = topics;
        meters = new IngestMeters(host.registry());
    }

    @Override
    public Future<?> start() {
        admission = new Admission(settings.values().get(IngestSettings.MAX_REQUESTS),
                settings.maxInFlightBytes(),
                refusal -> meters.increment(IngestMeters.OVERLOAD, refusal));
        meters.gauge(IngestMeters.IN_FLIGHT, admission::requests);
        meters.gauge(IngestMeters.IN_FLIGHT_BYTES, admission::bytes);
        worker = vertx.createSharedWorkerExecutor("promptgate-ingest-write", 1, 5, TimeUnit.MINUTES);
        return worker.executeBlocking(Executors.callable(this::connect)).compose(connected -> open())
                .onFailure(cause -> close());
    }

    private void connect() {
        Duration timeout = settings.values().get(IngestSettings.WRITE_TIMEOUT);
        writer = new LabelWriter(clients, topics.labelledImages(), settings.maxImageBytes(), timeout, meters);
        annotations = new AnnotationIndex(clients, writer, topics.labelStudioAnnotations(), timeout);
    }

    private Future<HttpServer> open() {
        IngestApi paths = new IngestApi(vertx, settings, meters);
        String host = settings.values().get(IngestSettings.HOST);
        return ApiServer.open(vertx, paths.router(api, admission, worker, writer, new EventIntake(writer, annotations, meters)),
                paths.options(), api, host,
                settings.values().get(IngestSettings.PORT)).onSuccess(open -> {
                    server = open;
                    LOG.info("Takes labels at {} [topic: {}, token: {}]", address(), topics.labelledImages(),
                            api.token().isPresent() ? "needed" : "none");
                });
    }

    /** Where labels are sent, once it is started. */
    public String address() {
        return ApiServer.address(server, api, settings.values().get(IngestSettings.HOST));
    }

    @Override
    public Future<?> stop() {
        return admission.close().eventually(server::close).eventually(this::close);
    }

    private Future<?> close() {
        return worker.executeBlocking(Executors.callable(() -> {
            if (annotations != null) {
                annotations.close();
            }
            if (writer != null) {
                writer.close();
            }
        })).eventually(worker::close);
    }
}
