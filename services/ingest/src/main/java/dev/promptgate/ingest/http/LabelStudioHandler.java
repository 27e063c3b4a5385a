package dev.promptgate.ingest.http;

import dev.promptgate.ingest.labelstudio.EventIntake;
import dev.promptgate.ingest.labelstudio.EventReader;
import dev.promptgate.service.api.BodyReader;
import dev.promptgate.service.api.Problem;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.CompletableFuture;

/** {@code POST /v1/label-studio}: Label Studio's webhook. On the event loop. */
record LabelStudioHandler(RequestFlow flow, EventReader reader, EventIntake intake, long maxBytes) implements Handler<RoutingContext> {
    @Override
    public void handle(RoutingContext context) {
        if (!BodyReader.mediaType(context.request()).equals("application/json")) {
            throw Problem.of(415, "Send an event of Label Studio as application/json").exception();
        }
        flow.lead(context, false, maxBytes, upload -> {
            EventIntake.Taken taken = intake.take(reader.read(upload.files().get(0).bytes().getBytes()));
            return CompletableFuture.completedFuture(answer(taken));
        });
    }

    private static JsonObject answer(EventIntake.Taken taken) {
        return taken.labelled().isEmpty() && taken.erased().isEmpty() ? new JsonObject()
                : new JsonObject().put("labelled", new JsonArray(taken.labelled())).put("erased", new JsonArray(taken.erased()));
    }
}
