package dev.promptgate.service.api;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Watches every request from its first byte to its answer: none may take for ever to arrive (408), what a refused one still sends is passed
 * over, and each is reported once with its status, or with none if the client went away. The first handler of a router; on the event loop.
 */
public record RequestWatch(Vertx vertx, Duration timeout, Consumer<OptionalInt> onEnd) implements Handler<RoutingContext> {
    @Override
    public void handle(RoutingContext context) {
        long timer = vertx.setTimer(timeout.toMillis(), id -> timeOut(context));
        context.addEndHandler(end -> {
            if (context.request().isEnded()) {
                vertx.cancelTimer(timer);
            } else {
                passOver(context.request());
            }
            onEnd.accept(end.failed() ? OptionalInt.empty() : OptionalInt.of(context.response().getStatusCode()));
        });
        context.next();
    }

    private static void timeOut(RoutingContext context) {
        if (context.request().isEnded()) {
            return;
        }
        if (context.response().ended()) {
            context.request().connection().close(); // refused long ago, and still sending
            return;
        }
        context.addEndHandler(end -> context.request().connection().close());
        Problem.of(408, "The request took too long to arrive").with("Connection", "close").send(context.response());
    }

    /** What a refused request still sends is dropped, so that the client reads its answer; the timer bounds how long. */
    private static void passOver(HttpServerRequest request) {
        request.handler(chunk -> {}).resume();
    }
}
