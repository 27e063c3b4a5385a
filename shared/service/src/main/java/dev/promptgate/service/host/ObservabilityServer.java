package dev.promptgate.service.host;

import dev.promptgate.service.settings.HttpSettings;
import dev.promptgate.service.settings.SettingsValues;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;

/** {@code /metrics}, {@code /health/live} and {@code /health/ready}. */
final class ObservabilityServer {
    private ObservabilityServer() {}

    static Future<HttpServer> open(Vertx vertx, PrometheusMeterRegistry registry, Readiness readiness, SettingsValues settings) {
        Router router = Router.router(vertx);
        router.get("/metrics").handler(context -> vertx.executeBlocking(registry::scrape, false)
                .onSuccess(text -> context.response().putHeader("content-type", "text/plain; version=0.0.4; charset=utf-8").end(text))
                .onFailure(context::fail));
        router.get("/health/live").handler(context -> context.json(new JsonObject().put("status", "UP")));
        router.get("/health/ready").handler(context -> readiness.check().onFailure(context::fail).onSuccess(result -> {
            JsonObject body = result.toJson();
            body.remove("outcome"); // the status, once more
            context.response().setStatusCode(result.getUp() ? 200 : 503);
            context.json(body);
        }));
        return vertx.createHttpServer().requestHandler(router).listen(settings.get(HttpSettings.PORT), settings.get(HttpSettings.HOST));
    }
}
