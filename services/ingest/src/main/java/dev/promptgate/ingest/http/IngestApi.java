package dev.promptgate.ingest.http;

import dev.promptgate.ingest.config.IngestMeters;
import dev.promptgate.ingest.config.IngestSettings;
import dev.promptgate.ingest.label.ImageCheck;
import dev.promptgate.ingest.labelstudio.EventIntake;
import dev.promptgate.ingest.labelstudio.EventReader;
import dev.promptgate.ingest.topic.LabelWriter;
import dev.promptgate.service.api.Admission;
import dev.promptgate.service.api.ApiServer;
import dev.promptgate.service.api.ApiSettings;
import dev.promptgate.service.api.BearerToken;
import dev.promptgate.service.api.RequestWatch;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.util.concurrent.TimeUnit;

/** The paths of ingest. On the event loop. */
public record IngestApi(Vertx vertx, IngestSettings settings, IngestMeters meters) {
    private static final int MAX_LINE_BYTES = 8 << 10;
    private static final int MAX_FIELD_BYTES = 1 << 10;
    private static final int MAX_FIELDS = 16;
    private static final int IDLE_SECONDS = 60;

    public HttpServerOptions options() {
        return new HttpServerOptions().setMaxInitialLineLength(MAX_LINE_BYTES).setMaxFormAttributeSize(MAX_FIELD_BYTES)
                .setMaxFormFields(MAX_FIELDS).setIdleTimeout(IDLE_SECONDS).setIdleTimeoutUnit(TimeUnit.SECONDS);
    }

    public Router router(ApiSettings api, Admission admission, WorkerExecutor worker, LabelWriter writer, EventIntake intake) {
        RequestFlow flow = new RequestFlow(admission, worker, settings.values().get(IngestSettings.WRITE_TIMEOUT));
        Router router = ApiServer.router(vertx);
        router.route().handler(new RequestWatch(vertx, settings.values().get(IngestSettings.REQUEST_TIMEOUT), meters::ended));
        api.token().map(BearerToken::new).ifPresent(token -> router.route("/v1/*").handler(token));
        router.post("/v1/labels").handler(new LabelHandler(flow, writer, new ImageCheck(settings.maxImageBytes())));
        router.delete(ErasureHandler.PATH + "*").handler(new ErasureHandler(flow, writer));
        router.post("/v1/label-studio")
                .handler(new LabelStudioHandler(flow, new EventReader(settings), intake, settings.maxEventBytes()));
        return router;
    }
}
