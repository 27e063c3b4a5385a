package dev.promptgate.objectstore;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Reads an object's bytes up to a bound: refused by its length before a byte is read, and cut at the bound where none is given. Empty: too
 * large. A body that ends early or breaks off is read again by the SDK, as often as it may.
 */
final class BoundedBody {
    private static final int CHUNK = 64 << 10;

    private final int maxBytes;

    BoundedBody(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    ResponseTransformer<GetObjectResponse, Optional<byte[]>> transformer() {
        return (response, body) -> {
            long length = response.contentLength() == null ? -1 : response.contentLength();
            return length > maxBytes ? Optional.empty() : read(body);
        };
    }

    private Optional<byte[]> read(AbortableInputStream body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK];
        try {
            for (int n = body.read(chunk); n >= 0; n = body.read(chunk)) {
                bytes.write(chunk, 0, n);
                if (bytes.size() > maxBytes) {
                    return Optional.empty();
                }
                endIfInterrupted();
            }
            return Optional.of(bytes.toByteArray());
        } catch (IOException e) {
            throw RetryableException.create("the object broke off: " + e.getMessage(), e);
        }
    }

    /** A read of a socket does not end by an interrupt, and a stop shall not wait for a body that drips. */
    private static void endIfInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw AbortedException.create("the call was ended while the object was read");
        }
    }
}
