package dev.promptgate.references;

import dev.promptgate.messaging.record.ImageReference;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** What a host answered: the file, or where it is instead. */
record HttpsAnswer(byte[] body, Optional<String> location) {
    private static final int OK = 200;
    private static final int FIRST_SERVER_ERROR = 500;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final Set<Integer> LATER = Set.of(408, 425, 429);

    /** Reads it, on the response's event loop; fails with what {@link ReferenceSource#fetch} throws. */
    static Future<HttpsAnswer> read(HttpClientResponse response, ImageReference reference, FetchLimits limits) {
        response.exceptionHandler(late -> {}); // of an answer that nobody reads; Vert.x would log it as an error
        int status = response.statusCode();
        String location = response.getHeader(HttpHeaders.LOCATION);
        if (status == OK) {
            return body(response, reference, limits);
        }
        if (REDIRECTS.contains(status) && location != null) {
            return Future.succeededFuture(new HttpsAnswer(new byte[0], Optional.of(location)));
        }
        return Future.failedFuture(status >= FIRST_SERVER_ERROR || LATER.contains(status) ? new IOException("the host answers " + status)
                : Refusals.unavailable(reference, "the host answers " + status));
    }

    private static Future<HttpsAnswer> body(HttpClientResponse response, ImageReference reference, FetchLimits limits) {
        try {
            limits.checkSize(reference, announced(response));
        } catch (InvalidRecordException e) {
            return Future.failedFuture(e);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Promise<HttpsAnswer> whole = Promise.promise();
        response.exceptionHandler(whole::tryFail);
        response.endHandler(end -> whole.tryComplete(new HttpsAnswer(bytes.toByteArray(), Optional.empty())));
        response.handler(part -> {
            try {
                limits.checkSize(reference, (long) bytes.size() + part.length());
                bytes.writeBytes(part.getBytes());
            } catch (InvalidRecordException | Error e) {
                response.handler(null);
                whole.tryFail(e);
            }
        });
        return whole.future();
    }

    /** Zero where the host does not say. */
    private static long announced(HttpClientResponse response) {
        String length = response.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length != null && length.matches("\\d{1,18}") ? Long.parseLong(length) : 0;
    }
}
