package dev.promptgate.messaging.record;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

final class RecordHeaders {
    static final String LABEL = "label";
    static final String SPLIT = "split";
    static final String MODEL = "model";
    static final String PRODUCED_AT = "produced-at";
    static final String ERROR_CODE = "error-code";
    static final String ERROR_MESSAGE = "error-message";
    static final String SOURCE_TOPIC = "source-topic";
    static final String SOURCE_PARTITION = "source-partition";
    static final String SOURCE_OFFSET = "source-offset";
    static final String CONTENT_TYPE = "content-type";
    static final String IMAGE_SIZE = "image-size";
    static final String IMAGE_SHA256 = "image-sha256";
    static final String IMAGE_FINGERPRINT = "image-fingerprint";
    static final String REFERENCE = "reference";
    static final String OMITTED_BYTES = "omitted-bytes";
    private static final char REPLACEMENT = '\uFFFD';

    private RecordHeaders() {}

    /** The last header of that name, or null. */
    static byte[] bytes(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null ? null : header.value();
    }

    /** A decoder of its own is for what holds U+FFFD, which stands for bytes that are not UTF-8, or for itself. */
    static String text(byte[] bytes) throws CharacterCodingException {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.indexOf(REPLACEMENT) < 0 ? text : StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
