package dev.promptgate.console.http;

import dev.promptgate.console.config.ConsoleMeters;
import dev.promptgate.console.config.ConsoleMeters.CommandOutcome;
import dev.promptgate.messaging.client.GateClient;
import dev.promptgate.messaging.command.GateCommand;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.service.api.BearerToken;
import dev.promptgate.service.api.Problem;
import dev.promptgate.service.api.ProblemException;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.TimeoutHandler;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /api/commands}: an operator's command goes to the evaluator by way of its topic; the answer comes as a report. Only with the
 * token; without one set on the server not at all. The worker may wait for Kafka. Event loop only.
 */
public record CommandEndpoint(Optional<BearerToken> token, GateClient gate, WorkerExecutor worker, ConsoleMeters meters) {
    private static final Logger LOG = LoggerFactory.getLogger(CommandEndpoint.class);
    private static final String PATH = "/api/commands";
    private static final long BODY_MILLIS = 30_000;
    private static final int MAX_BODY = 16 << 10;
    private static final Problem CLOSED = Problem.of(403,
            "This console takes no commands; set api.token on it, or use promptgate pause, resume and rollback");

    void mount(Router router) {
        router.post(PATH).handler(this::authorise); // a body without the token is not even read
        router.post(PATH).handler(TimeoutHandler.create(BODY_MILLIS, 408)).handler(BodyHandler.create(false).setBodyLimit(MAX_BODY))
                .handler(this::take).failureHandler(context -> {
                    meters.increment(ConsoleMeters.COMMANDS, outcome(context));
                    context.next();
                });
    }

    private static CommandOutcome outcome(RoutingContext context) {
        int status = context.failure() instanceof ProblemException expected ? expected.problem().status() : context.statusCode();
        return status == 401 || status == 403 ? CommandOutcome.UNAUTHORISED
                : status < 500 || context.failure() == null ? CommandOutcome.INVALID : CommandOutcome.FAILED;
    }

    private void authorise(RoutingContext context) {
        token.orElseThrow(CLOSED::exception).handle(context);
    }

    private void take(RoutingContext context) {
        GateCommand command = CommandBody.read(context.request().getHeader(HttpHeaders.CONTENT_TYPE), context.body().buffer(),
                System.currentTimeMillis());
        worker.<Void>executeBlocking(() -> {
            gate.submit(command);
            return null;
        }, false).onSuccess(done -> {
            meters.increment(ConsoleMeters.COMMANDS, CommandOutcome.SENT);
            LOG.info("Sent an operator's {} [id: {}, reason: {}]", command.action(), command.id(), Quoted.of(command.reason()));
            context.response().setStatusCode(202).putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                    .end(new JsonObject().put("id", command.id()).toBuffer());
        }).onFailure(cause -> {
            LOG.warn("An operator's command was not sent: {}", cause.getMessage());
            context.fail(Problem.of(503, "Kafka did not take the command; it may still arrive if Kafka answers again soon").exception());
        });
    }
}
