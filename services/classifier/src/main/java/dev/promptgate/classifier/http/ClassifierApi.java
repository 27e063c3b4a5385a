package dev.promptgate.classifier.http;

import dev.promptgate.classifier.answer.Classification;
import dev.promptgate.classifier.config.ClassifierMeters;
import dev.promptgate.classifier.config.ClassifierMeters.Overload;
import dev.promptgate.classifier.config.ClassifierMeters.RequestOutcome;
import dev.promptgate.classifier.config.ClassifierSettings;
import dev.promptgate.classifier.prompt.PromptClassifier;
import dev.promptgate.classifier.prompt.PromptSwitch;
import dev.promptgate.service.api.Admission;
import dev.promptgate.service.api.ApiServer;
import dev.promptgate.service.api.ApiSettings;
import dev.promptgate.service.api.BearerToken;
import dev.promptgate.service.api.RequestWatch;
import dev.promptgate.service.settings.PromptSettings;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The classifier's paths. On the event loop. */
public record ClassifierApi(Vertx vertx, ClassifierSettings settings, ClassifierMeters meters, PromptSwitch prompts, String model) {
    /** The version of the prompt that answered, or was live. */
    static final String VERSION_HEADER = "X-Prompt-Version";

    private static final int MAX_LINE_BYTES = 64 << 10;
    private static final int MAX_FIELD_BYTES = 1 << 10;
    private static final int FIELDS_BESIDE_CLASSES = 16;
    private static final int IDLE_SECONDS = 60;

    public HttpServerOptions options() {
        return new HttpServerOptions().setMaxInitialLineLength(MAX_LINE_BYTES).setMaxFormAttributeSize(MAX_FIELD_BYTES)
                .setMaxFormFields(
                        settings.values().get(ClassifierSettings.MAX_CLASSES) + settings.values().get(ClassifierSettings.MAX_BATCH_IMAGES)
                                + FIELDS_BESIDE_CLASSES)
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS);
    }

    public Router router(ApiSettings api, Classification classification, Admission admission) {
        AnswerJson json = new AnswerJson(model, settings.values().get(PromptSettings.CONTEXT_INIT));
        Router router = ApiServer.router(vertx);
        router.route().handler(new RequestWatch(vertx, settings.values().get(ClassifierSettings.REQUEST_TIMEOUT), this::count))
                .handler(this::nameVersion);
        Buffer openApi = openApi();
        router.get("/v1/openapi.json").handler(context -> context.response().putHeader("Content-Type", "application/json").end(openApi));
        api.token().map(BearerToken::new).ifPresent(token -> router.route("/v1/*").handler(token));
        router.get("/v1/prompt").handler(context -> answer(context, json::prompt));
        router.get("/v1/prompt/embeddings").handler(new EmbeddingsHandler(vertx, this::current));
        router.get("/v1/classes").handler(context -> answer(context, AnswerJson::classes));
        QuestionReader questions = new QuestionReader(settings.values().get(ClassifierSettings.MAX_CLASSES),
                settings.values().get(ClassifierSettings.ABSTAIN));
        // A form's other parts come on top of the image.
        long single = settings.maxImageBytes() + (64L << 10);
        router.post("/v1/classify").handler(
                new ClassifyHandler(classification, admission, json, meters, new ClassifyHandler.Limits(false, single, 1, questions)));
        router.post("/v1/classify/batch").handler(new ClassifyHandler(classification, admission, json, meters,
                new ClassifyHandler.Limits(true, settings.values().get(ClassifierSettings.MAX_BATCH_BYTES),
                        settings.values().get(ClassifierSettings.MAX_BATCH_IMAGES), questions)));
        return router;
    }

    /** Every answer names a version. */
    private void nameVersion(RoutingContext context) {
        context.addHeadersEndHandler(end -> {
            if (!context.response().headers().contains(VERSION_HEADER)) {
                prompts.current().ifPresent(active -> context.response().putHeader(VERSION_HEADER, Long.toString(active.version())));
            }
        });
        context.next();
    }

    private void count(OptionalInt status) {
        meters.increment(ClassifierMeters.REQUESTS, status.isPresent() ? RequestOutcome.of(status.getAsInt()) : RequestOutcome.ABANDONED);
    }

    private void answer(RoutingContext context, Function<PromptClassifier, JsonObject> view) {
        PromptClassifier active = current();
        context.response().putHeader(VERSION_HEADER, Long.toString(active.version()));
        context.json(view.apply(active));
    }

    private PromptClassifier current() {
        return prompts.current().orElseThrow(() -> {
            meters.increment(ClassifierMeters.OVERLOAD, Overload.STARTING);
            return Overload.STARTING.exception();
        });
    }

    private static Buffer openApi() {
        try (InputStream in = ClassifierApi.class.getResourceAsStream("openapi.json")) {
            return Buffer.buffer(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
