package dev.promptgate.ingest.http;

import dev.promptgate.ingest.label.LabelFields;
import dev.promptgate.ingest.topic.LabelWriter;
import dev.promptgate.service.api.Problem;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;

/** {@code DELETE /v1/labels/ID}: the id is the rest of the path, percent-decoded; slashes may stand as they are. On the event loop. */
record ErasureHandler(RequestFlow flow, LabelWriter writer) implements Handler<RoutingContext> {
    static final String PATH = "/v1/labels/";
    private static final long BODY_BYTES = 1L << 10;

    @Override
    public void handle(RoutingContext context) {
        String id = LabelFields.id(decoded(context.request().path()));
        flow.lead(context, false, BODY_BYTES,
                upload -> writer.erase(id).thenApply(at -> LabelHandler.where(new JsonObject().put("id", id), at)));
    }

    /** As it was sent, not normalised: an id may hold what means something in a path. */
    private static String decoded(String path) {
        try {
            String decoded = URI.create(path).getPath();
            return decoded.length() < PATH.length() ? "" : decoded.substring(PATH.length());
        } catch (IllegalArgumentException e) {
            throw Problem.of(400, "The id in the address cannot be read; percent-encode it").exception();
        }
    }
}
