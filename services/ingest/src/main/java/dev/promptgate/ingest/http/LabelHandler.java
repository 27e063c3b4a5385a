package dev.promptgate.ingest.http;

import dev.promptgate.ingest.label.ImageCheck;
import dev.promptgate.ingest.label.LabelForm;
import dev.promptgate.ingest.topic.LabelWriter;
import dev.promptgate.messaging.record.LabelledImage;
import dev.promptgate.service.api.BodyReader;
import dev.promptgate.service.api.Problem;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import org.apache.kafka.clients.producer.RecordMetadata;

/** {@code POST /v1/labels}. On the event loop. */
record LabelHandler(RequestFlow flow, LabelWriter writer, ImageCheck check) implements Handler<RoutingContext> {
    /** Room for a form's other parts. */
    private static final long FORM_BYTES = 64L << 10;

    @Override
    public void handle(RoutingContext context) {
        if (!BodyReader.mediaType(context.request()).equals(BodyReader.FORM)) {
            throw Problem.of(415, "Send multipart/form-data with a file 'image' and a field 'label'").exception();
        }
        flow.lead(context, true, check.maxBytes() + FORM_BYTES, upload -> {
            LabelledImage image = LabelForm.read(upload, check);
            return writer.label(image).thenApply(at -> answer(image, at));
        });
    }

    private static JsonObject answer(LabelledImage image, RecordMetadata at) {
        JsonObject answer = new JsonObject().put("id", image.imageId()).put("label", image.label());
        if (image.split() != null) {
            answer.put("split", image.split().wireName());
        }
        return where(answer, at);
    }

    /** Adds where the record stands. */
    static JsonObject where(JsonObject answer, RecordMetadata at) {
        return answer.put("topic", at.topic()).put("partition", at.partition()).put("offset", at.offset());
    }
}
