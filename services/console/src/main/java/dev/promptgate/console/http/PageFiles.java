package dev.promptgate.console.http;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.MimeMapping;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The page's files, out of the class path and kept in memory: a few hundred kilobytes. Vert.x would copy them to a folder in the temporary
 * one, which stays there when the process is killed. Thread-safe.
 */
final class PageFiles implements Handler<RoutingContext> {
    private static final String FOLDER = "console";
    /** Neither folders nor what is hidden. */
    private static final Pattern FILE = Pattern.compile("(/[A-Za-z0-9_-]+)+(\\.[A-Za-z0-9_-]+)+");

    private final Map<String, Buffer> files = new ConcurrentHashMap<>();

    @Override
    public void handle(RoutingContext context) {
        String path = context.normalizedPath().equals("/") ? "/index.html" : context.normalizedPath();
        Optional<Buffer> file = FILE.matcher(path).matches() ? Optional.ofNullable(files.computeIfAbsent(path, PageFiles::read))
                : Optional.empty();
        if (file.isEmpty()) {
            context.next();
            return;
        }
        String type = MimeMapping.mimeTypeForFilename(path);
        context.response().putHeader(HttpHeaders.CONTENT_TYPE,
                type.startsWith("text/") ? type + ";charset=utf-8" : type).end(file.get());
    }

    /** Null if there is none. */
    private static Buffer read(String path) {
        try (InputStream in = PageFiles.class.getClassLoader().getResourceAsStream(FOLDER + path)) {
            return in == null ? null : Buffer.buffer(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("A file of the page cannot be read [path: " + path + "]", e);
        }
    }
}
