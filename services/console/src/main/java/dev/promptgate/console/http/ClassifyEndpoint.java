package dev.promptgate.console.http;

import dev.promptgate.clip.failure.FirstLine;
import dev.promptgate.console.config.ConsoleMeters;
import dev.promptgate.console.config.ConsoleMeters.ClassifyOutcome;
import dev.promptgate.console.config.ConsoleSettings;
import dev.promptgate.service.api.BearerToken;
import dev.promptgate.service.api.Problem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.TimeoutHandler;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /api/classify}: an image goes to the classifier, its answer back. Bounded in size, number and time. Event loop only. */
public final class ClassifyEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(ClassifyEndpoint.class);
    private static final String PATH = "/api/classify";
    private static final long BODY_MILLIS = 30_000;
    private static final int MOST_AT_ONCE = 8;
    private static final int MAX_TOP = 100;
    private static final int MAX_ANSWER = 1 << 20;
    private static final String VERSION = "X-Prompt-Version";
    private static final Problem NONE = Problem.of(503, "This console has no classifier; set console.classifier-url on it");
    private static final Problem SILENT = Problem.of(503, "The classifier does not answer; is it running?").with("Retry-After", "5");
    private static final Problem BUSY = Problem.of(503, "Too many images are being classified; try again").with("Retry-After", "1");

    private final Optional<BearerToken> token;
    private final Optional<URI> classifier;
    private final long timeoutMillis;
    private final int maxImageBytes;
    private final HttpClient client;
    private final ConsoleMeters meters;
    private int underWay;

    /** @param token that requests must carry, if one is set */
    public ClassifyEndpoint(Vertx vertx, ConsoleSettings settings, Optional<String> token, ConsoleMeters meters) {
        this.token = token.map(BearerToken::new);
        this.meters = meters;
        classifier = settings.classifier();
        timeoutMillis = settings.values().get(ConsoleSettings.CLASSIFIER_TIMEOUT).toMillis();
        maxImageBytes = settings.maxImageBytes();
        client = vertx.createHttpClient(); // closed with the verticle
    }

    void mount(Router router) {
        router.post(PATH).handler(this::admit);
        router.post(PATH).handler(TimeoutHandler.create(BODY_MILLIS + timeoutMillis, 408))
                .handler(BodyHandler.create(false).setBodyLimit(maxImageBytes)).handler(this::passOn);
    }

    /** Whatever can be refused without the body is refused before it comes. */
    private void admit(RoutingContext context) {
        if (classifier.isEmpty()) {
            throw NONE.exception();
        }
        String type = String.valueOf(context.request().getHeader(HttpHeaders.CONTENT_TYPE)).toLowerCase(Locale.ROOT);
        if (!type.startsWith("image/") && !type.startsWith("application/octet-stream")) { // neither can another site's form send
            throw Problem.of(415, "Send the image's bytes as image/* or application/octet-stream").exception();
        }
        top(context);
        if (underWay >= MOST_AT_ONCE) {
            meters.increment(ConsoleMeters.CLASSIFIED, ClassifyOutcome.OVERLOAD);
            throw BUSY.exception();
        }
        underWay++;
        context.addEndHandler(ended -> underWay--);
        token.ifPresentOrElse(required -> required.handle(context), context::next);
    }

    private static int top(RoutingContext context) {
        List<String> given = context.queryParam("top");
        String text = given.isEmpty() ? "5" : given.get(0);
        int top = text.matches("[0-9]{1,3}") ? Integer.parseInt(text) : 0;
        if (top < 1 || top > MAX_TOP) {
            throw Problem.of(400, "'top' must be a whole number from 1 to " + MAX_TOP).exception();
        }
        return top;
    }

    private void passOn(RoutingContext context) {
        Buffer image = context.body().buffer();
        if (image == null || image.length() == 0) {
            throw Problem.of(400, "The body is empty; send the image's bytes").exception();
        }
        URI address = classifier.orElseThrow().resolve("/v1/classify?zero_shot=true&top=" + top(context));
        RequestOptions options = new RequestOptions().setMethod(HttpMethod.POST).setAbsoluteURI(address.toString())
                .setTimeout(timeoutMillis).setIdleTimeout(timeoutMillis).putHeader(HttpHeaders.CONTENT_TYPE, "application/octet-stream");
        Optional.ofNullable(context.request().getHeader(HttpHeaders.AUTHORIZATION)).filter(header -> token.isPresent())
                .ifPresent(header -> options.putHeader(HttpHeaders.AUTHORIZATION, header));
        client.request(options).compose(request -> request.send(image)).compose(ClassifyEndpoint::answer)
                .timeout(timeoutMillis, TimeUnit.MILLISECONDS)
                .onSuccess(answer -> {
                    meters.increment(ConsoleMeters.CLASSIFIED, ClassifyOutcome.ANSWERED);
                    answer.send(context);
                }).onFailure(cause -> {
                    meters.increment(ConsoleMeters.CLASSIFIED, ClassifyOutcome.FAILED);
                    LOG.warn("The classifier does not answer as it should [url: {}, cause: {}]", classifier.get(), FirstLine.of(cause));
                    context.fail(SILENT.exception());
                });
    }

    private record Answer(int status, String type, String version, Buffer body) {
        void send(RoutingContext context) {
            if (version != null) {
                context.response().putHeader(VERSION, version);
            }
            context.response().setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, type).end(body);
        }
    }

    /** Only JSON comes through: whatever else stands at that address is not the classifier. */
    private static Future<Answer> answer(HttpClientResponse response) {
        String type = String.valueOf(response.getHeader(HttpHeaders.CONTENT_TYPE)).split(";")[0].strip();
        if (!type.equals("application/json") && !type.equals(Problem.CONTENT_TYPE)) {
            response.request().reset();
            return Future.failedFuture("it answered with %d and no JSON".formatted(response.statusCode()));
        }
        Buffer body = Buffer.buffer();
        response.handler(part -> {
            body.appendBuffer(part);
            if (body.length() > MAX_ANSWER) {
                response.request().reset();
            }
        });
        return response.end().map(done -> new Answer(response.statusCode(), type, response.getHeader(VERSION), body));
    }
}
