package dev.promptgate.console.http;

import dev.promptgate.console.image.Thumbnails;
import dev.promptgate.console.kafka.TopicFeed;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.service.api.ApiServer;
import dev.promptgate.service.api.Problem;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import org.apache.kafka.common.TopicPartition;

/** What is answered where; the paths are in the console's README. */
public record ConsoleRouter(TopicFeed feed, Thumbnails thumbnails) {
    private static final String JSON = "application/json";
    /** A record keeps its offset, but its image may be erased. */
    private static final String FOR_A_MINUTE = "private, max-age=60";
    private static final int MAX_DIGITS = 18;
    private static final String POLICY = "default-src 'self'; img-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action "
            + "'none'; frame-ancestors 'none'";

    public static Router create(Vertx vertx, TopicNames topics, EventHub events, TopicFeed feed, Thumbnails thumbnails,
            CommandEndpoint commands, ClassifyEndpoint classify) {
        ConsoleRouter routes = new ConsoleRouter(feed, thumbnails);
        Router router = ApiServer.router(vertx);
        router.route().handler(ConsoleRouter::addHeaders);
        router.get("/api/events").handler(events::connect);
        router.get("/api/state").handler(context -> context.response().putHeader(HttpHeaders.CONTENT_TYPE, JSON).end(events.state()));
        router.get("/api/verdicts/:id/changed").handler(routes::changed);
        router.get("/api/images/:partition/:offset").handler(context -> routes.thumbnail(context, topics.labelledImages()));
        router.get("/api/rejected/:partition/:offset").handler(context -> routes.thumbnail(context, topics.rejectedImages()));
        commands.mount(router);
        classify.mount(router);
        router.get().handler(new PageFiles());
        return router;
    }

    /** The page runs its own scripts only, is framed by nobody, and tells nobody where it is. */
    private static void addHeaders(RoutingContext context) {
        MultiMap headers = context.response().headers();
        headers.set("Content-Security-Policy", POLICY);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
        headers.set("Cache-Control", context.normalizedPath().startsWith("/api/") ? "no-store" : "no-cache");
        context.next();
    }

    private void changed(RoutingContext context) {
        long id = number(context, "id", Long.MAX_VALUE);
        feed.changedImages(id).onSuccess(found -> {
            if (found.isEmpty()) {
                context.fail(Problem.of(404, "This verdict is not among the newest").exception());
            } else {
                context.response().putHeader(HttpHeaders.CONTENT_TYPE, JSON).end(found.get());
            }
        }).onFailure(context::fail);
    }

    private void thumbnail(RoutingContext context, String topic) {
        TopicPartition partition = new TopicPartition(topic, (int) number(context, "partition", Integer.MAX_VALUE));
        thumbnails.get(partition, number(context, "offset", Long.MAX_VALUE))
                .onSuccess(jpeg -> context.response().putHeader(HttpHeaders.CONTENT_TYPE, "image/jpeg")
                        .putHeader(HttpHeaders.CACHE_CONTROL, FOR_A_MINUTE).end(Buffer.buffer(jpeg)))
                .onFailure(context::fail);
    }

    private static long number(RoutingContext context, String name, long highest) {
        String text = context.pathParam(name);
        boolean isNumber = !text.isEmpty() && text.length() <= MAX_DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!isNumber || Long.parseLong(text) > highest) {
            throw Problem.of(400, "'%s' in the path must be a whole number from 0 on".formatted(name)).exception();
        }
        return Long.parseLong(text);
    }
}
