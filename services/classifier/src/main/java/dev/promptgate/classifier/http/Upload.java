package dev.promptgate.classifier.http;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * The body of a request.
 *
 * @param files in their order
 * @param fields of a form
 */
record Upload(List<Part> files, MultiMap fields) {
    /**
     * A file.
     *
     * @param name as the client gave it; empty for a body that is the file itself
     */
    record Part(String name, Buffer bytes) {}
}
