package dev.promptgate.service.api;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;

/**
 * A problem document (RFC 9457): what was wrong with a request, for people and programs. Its detail tells what to do and nothing of the
 * inside. Immutable.
 *
 * @param detail one sentence or two
 * @param headers further headers of the answer, such as Retry-After
 */
public record Problem(int status, String detail, Map<String, String> headers) {
    /** The content type of a problem document. */
    public static final String CONTENT_TYPE = "application/problem+json";

    public Problem {
        headers = Map.copyOf(headers);
    }

    /** A problem without further headers. */
    public static Problem of(int status, String detail) {
        return new Problem(status, detail, Map.of());
    }

    /** The same with one more header. */
    public Problem with(String header, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(header, value);
        return new Problem(status, detail, more);
    }

    /** What to throw or fail a request with. */
    public ProblemException exception() {
        return new ProblemException(this);
    }

    /** {@code type}, {@code title}, {@code status} and {@code detail}. */
    public JsonObject json() {
        return new JsonObject().put("type", "about:blank").put("title", HttpResponseStatus.valueOf(status).reasonPhrase())
                .put("status", status).put("detail", detail);
    }

    /** Answers with it; does nothing if an answer has begun. */
    public void send(HttpServerResponse response) {
        if (response.ended() || response.headWritten()) {
            return;
        }
        headers.forEach(response::putHeader);
        response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, CONTENT_TYPE).end(json().toBuffer());
    }
}
