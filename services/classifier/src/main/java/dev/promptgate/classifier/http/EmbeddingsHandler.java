package dev.promptgate.classifier.http;

import dev.promptgate.classifier.prompt.PromptClassifier;
import dev.promptgate.learning.prompt.ClassEmbeddings;
import dev.promptgate.learning.prompt.EmbeddingType;
import dev.promptgate.learning.prompt.EmbeddingsCodec;
import dev.promptgate.service.api.Problem;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Supplier;

/**
 * Answers with the live prompt's class embeddings, one safetensors file in float32. A prompt's are put together once, so that all requests
 * share the bytes. On the event loop.
 */
final class EmbeddingsHandler implements Handler<RoutingContext> {
    private final Vertx vertx;
    private final Supplier<PromptClassifier> prompts;
    private PromptClassifier encoded;
    private Future<Buffer> file;

    EmbeddingsHandler(Vertx vertx, Supplier<PromptClassifier> prompts) {
        this.vertx = vertx;
        this.prompts = prompts;
    }

    @Override
    public void handle(RoutingContext context) {
        PromptClassifier active = prompts.get();
        context.response().putHeader(ClassifierApi.VERSION_HEADER, Long.toString(active.version()));
        if (active.live().prompt().isEmpty()) {
            throw Problem.of(404, "The hand-written prompt is live, which has no classes of its own; ask again once a prompt is rolled out")
                    .exception();
        }
        context.etag("\"%d-%s\"".formatted(active.version(), active.live().prompt().get().metadata().modelFingerprint()));
        if (context.isFresh()) {
            context.response().setStatusCode(304).end();
            return;
        }
        file(active).onSuccess(bytes -> context.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/octet-stream").end(bytes))
                .onFailure(context::fail);
    }

    private Future<Buffer> file(PromptClassifier active) {
        if (encoded != active) {
            encoded = active;
            file = vertx.executeBlocking(() -> {
                ClassEmbeddings embeddings = active.embeddings().orElseThrow();
                return Buffer.buffer(EmbeddingsCodec.encode(embeddings, EmbeddingType.FLOAT32));
            }).onFailure(cause -> encoded = null); // the next request tries again
        }
        return file;
    }
}
