package dev.promptgate.service.api;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerFileUpload;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads one request's body into memory, within its bounds: a body of an image, or the files and fields of a form. What is beyond a bound is
 * passed over as it comes, never kept. On the event loop.
 */
public final class BodyReader {
    /** A request's body: files in their order, and the fields of a form. */
    public record Upload(List<Part> files, MultiMap fields) {}

    /**
     * A file.
     *
     * @param field of the form that it came in; empty for a body that is the file itself
     * @param name of the file as the client gave it; empty if it gave none
     */
    public record Part(String field, String name, Buffer bytes) {}

    /** The media type of a form with files. */
    public static final String FORM = "multipart/form-data";

    private static final Pattern BOUNDARY = Pattern.compile("(?i);\\s*boundary=\"?([^\";]+)");
    /** More than the last boundary, which has at most 70 characters, and what some clients send after it. */
    private static final int TAIL_BYTES = 256;
    private static final Problem UNREADABLE = Problem.of(400, "The form cannot be read; send whole multipart/form-data");

    private final HttpServerRequest request;
    private final Admission.Ticket ticket;
    private final long maxBytes;
    private final int maxFiles;
    private final Promise<Upload> result = Promise.promise();
    private final List<Part> files = new ArrayList<>();
    private final Buffer raw = Buffer.buffer();
    private Buffer tail = Buffer.buffer();
    private int begun;
    private long arrived;

    /** A request's media type, in lower case and without parameters; empty if it has none. */
    public static String mediaType(HttpServerRequest request) {
        String header = request.getHeader(HttpHeaders.CONTENT_TYPE);
        return header == null ? "" : header.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    private BodyReader(HttpServerRequest request, Admission.Ticket ticket, long maxBytes, int maxFiles) {
        this.request = request;
        this.ticket = ticket;
        this.maxBytes = maxBytes;
        this.maxFiles = maxFiles;
    }

    /** Reads an upload, before the event loop is left for the first time; fails with a problem, or with what broke the connection. */
    public static Future<Upload> read(HttpServerRequest request, Admission.Ticket ticket, boolean isForm, long maxBytes, int maxFiles) {
        BodyReader reader = new BodyReader(request, ticket, maxBytes, maxFiles);
        reader.start(isForm);
        return reader.result.future();
    }

    private void start(boolean isForm) {
        if (announced() > maxBytes) {
            fail(tooLarge());
        } else if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT)) && request.version() != HttpVersion.HTTP_1_0) {
            request.response().writeContinue(); // curl waits for it with large files; whoever is refused need not send one
        }
        request.exceptionHandler(cause -> result.tryFail(isForm ? UNREADABLE.exception() : cause));
        if (isForm) {
            request.setExpectMultipart(true);
            request.uploadHandler(this::onFile);
        }
        request.handler(chunk -> onChunk(chunk, isForm));
        request.endHandler(end -> complete(isForm));
    }

    private long announced() {
        try {
            return Long.parseLong(request.getHeader("Content-Length"));
        } catch (NumberFormatException e) {
            return 0; // chunked: it is counted as it comes
        }
    }

    private void onChunk(Buffer chunk, boolean isForm) {
        if (result.future().isComplete()) {
            return;
        }
        arrived += chunk.length();
        if (arrived > maxBytes) {
            fail(tooLarge());
        } else if (!ticket.take(chunk.length())) {
            fail(Admission.Refusal.BYTES.problem());
        } else if (isForm) {
            tail = end(tail.appendBuffer(end(chunk)));
        } else {
            raw.appendBuffer(chunk);
        }
    }

    private static Buffer end(Buffer buffer) {
        return buffer.getBuffer(Math.max(0, buffer.length() - TAIL_BYTES), buffer.length());
    }

    /** A field that is cut off would otherwise be taken for one that was left out. */
    private boolean isWhole() {
        Matcher boundary = BOUNDARY.matcher(request.getHeader(HttpHeaders.CONTENT_TYPE));
        return boundary.find() && tail.toString(StandardCharsets.ISO_8859_1).contains("--" + boundary.group(1) + "--");
    }

    private void onFile(HttpServerFileUpload upload) {
        if (++begun > maxFiles) {
            fail(Problem.of(413, "There are too many files in one request; send at most " + maxFiles));
        }
        Buffer bytes = Buffer.buffer();
        upload.handler(chunk -> {
            if (!result.future().isComplete()) {
                bytes.appendBuffer(chunk);
            }
        });
        upload.exceptionHandler(cause -> fail(UNREADABLE));
        upload.endHandler(end -> files.add(new Part(upload.name(), upload.filename() == null ? "" : upload.filename(), bytes)));
    }

    private void complete(boolean isForm) {
        if (!isForm) {
            files.add(new Part("", "", raw));
        } else if (files.size() != begun || !isWhole()) {
            fail(Problem.of(400, "The form ends early; send it whole"));
        }
        result.tryComplete(new Upload(files, isForm ? request.formAttributes() : MultiMap.caseInsensitiveMultiMap()));
    }

    private Problem tooLarge() {
        return Problem.of(413, "The body is larger than this path takes; send at most %d bytes".formatted(maxBytes));
    }

    private void fail(Problem problem) {
        result.tryFail(problem.exception());
    }
}
