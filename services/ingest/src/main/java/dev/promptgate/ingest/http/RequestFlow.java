package dev.promptgate.ingest.http;

import dev.promptgate.service.api.Admission;
import dev.promptgate.service.api.BodyReader;
import dev.promptgate.service.api.Problem;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;

/**
 * Leads a request from its body to its answer: read on the event loop within bounds, worked on by one worker in the order of arrival, and
 * answered with 202 when Kafka has acknowledged all of it, or with 204 if there was nothing to write.
 */
record RequestFlow(Admission admission, WorkerExecutor worker, Duration writeTimeout) {
    /** What is to be done with a body, on the worker; completes with the answer, empty if nothing was written. */
    @FunctionalInterface
    interface Work {
        CompletionStage<JsonObject> of(BodyReader.Upload upload) throws Exception;
    }

    private static final Problem UNACKNOWLEDGED = Problem.of(503,
            "Kafka has not acknowledged it, so it is not sure to be there; send it again, the same id counts once")
            .with("Retry-After", "5");
    private static final int ACCEPTED = 202;
    private static final int NO_CONTENT = 204;

    void lead(RoutingContext context, boolean isForm, long maxBytes, Work work) {
        Admission.Ticket ticket = admission.admit();
        context.addEndHandler(end -> ticket.release());
        Context loop = Vertx.currentContext();
        BodyReader.read(context.request(), ticket, isForm, maxBytes, 1).compose(upload -> {
            long deadline = System.nanoTime() + writeTimeout.toNanos();
            return worker.executeBlocking(() -> {
                if (System.nanoTime() > deadline) { // those before it waited for Kafka as long as they may
                    throw UNACKNOWLEDGED.exception();
                }
                return work.of(upload);
            });
        }).compose(written -> Future.fromCompletionStage(written, loop)).onSuccess(answer -> {
            context.response().setStatusCode(answer.isEmpty() ? NO_CONTENT : ACCEPTED);
            if (answer.isEmpty()) {
                context.end();
            } else {
                context.json(answer);
            }
        }).onFailure(cause -> fail(context, cause));
    }

    private static void fail(RoutingContext context, Throwable failure) {
        if (context.response().ended() || context.response().closed()) {
            return; // the client went away, or took too long
        }
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof RecordTooLargeException) {
            context.fail(Problem.of(413, "The topic does not take a record of that size; shrink the image").exception());
        } else {
            context.fail(cause instanceof KafkaException ? UNACKNOWLEDGED.exception() : cause);
        }
    }
}
