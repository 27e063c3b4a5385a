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
            Optional<byte[]> read = length > maxBytes ? Optional.empty() : read(body);
            if (read.isEmpty()) {
                body.abort(); // closing would read the rest
            } else if (length >= 0 && read.get().length != length) {
                throw RetryableException.create("the object broke off after %d of %d bytes".formatted(read.get().length, length));
            }
            return read;
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
                endIfInterrupted(body);
            }
            return Optional.of(bytes.toByteArray());
        } catch (IOException e) {
            throw RetryableException.create("the object broke off: " + e.getMessage(), e);
        }
    }

    /** The SDK interrupts the thread when the call's time is up, and reads on: a connection that is kept alive does not break off then. */
    private static void endIfInterrupted(AbortableInputStream body) {
        if (Thread.currentThread().isInterrupted()) {
            body.abort();
            throw AbortedException.create("the call was ended while the object was read");
        }
    }
}
