package dev.promptgate.references;

import static dev.promptgate.references.Refusals.refused;

import dev.promptgate.messaging.record.ImageReference;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import dev.promptgate.messaging.record.RejectionCode;
import dev.promptgate.objectstore.S3Location;
import dev.promptgate.objectstore.S3Store;
import dev.promptgate.objectstore.S3StoreException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Objects of S3, from listed buckets. Where S3 is and who asks is set; a reference chooses neither. The fetcher tries again, not the store.
 *
 * @param store empty if no bucket is listed; closed with this
 */
record S3Source(Set<String> buckets, Optional<S3Store> store) implements ReferenceSource {
    /** As it is set. A server that is silent for an attempt's share of {@code references.timeout} is given up for that attempt. */
    static S3Source of(ReferenceSettings settings) {
        Set<String> buckets = settings.s3Buckets();
        Duration share = settings.values().get(ReferenceSettings.TIMEOUT).dividedBy(settings.values().get(ReferenceSettings.ATTEMPTS));
        return new S3Source(buckets,
                buckets.isEmpty() ? Optional.empty() : Optional.of(S3Store.forSingleAttempts(settings.values(), share)));
    }

    @Override
    public ReferenceScheme scheme() {
        return ReferenceScheme.S3;
    }

    @Override
    public byte[] fetch(ImageReference reference, FetchLimits limits) throws InvalidRecordException, IOException, InterruptedException {
        S3Location object = location(reference);
        if (!buckets.contains(object.bucket())) {
            throw refused(reference, "Images are not fetched from this bucket; list it in references.s3-buckets");
        }
        Duration time = Duration.ofMillis(limits.remainingMillis());
        try {
            return store.orElseThrow().get(object, limits.maxBytes(), time);
        } catch (S3StoreException e) {
            if (Thread.interrupted()) { // which the SDK tells like a transfer that broke off
                throw new InterruptedException();
            }
            throw failure(reference, limits, e);
        }
    }

    private static IOException failure(ImageReference reference, FetchLimits limits, S3StoreException e) throws InvalidRecordException {
        switch (e.kind()) {
            case TOO_LARGE -> throw limits.tooLarge(reference);
            case NOT_FOUND, DENIED, REFUSED -> throw Refusals.unavailable(reference, e.getMessage());
            default -> {
                return limits.remaining().isZero() ? new IOException("the time is up", e) : e;
            }
        }
    }

    private static S3Location location(ImageReference reference) throws InvalidRecordException {
        URI uri = reference.uri();
        String bucket = uri.getRawAuthority();
        if (bucket == null || bucket.contains("@") || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw refused(reference, "An object's reference has a bucket and no user, query or fragment; write s3://bucket/key, encoded");
        }
        try {
            S3Location object = S3Location.of(uri);
            if (object.key().isEmpty()) {
                throw refused(reference, "The reference is to a bucket alone; add the object's key");
            }
            return object;
        } catch (IllegalArgumentException e) {
            throw new InvalidRecordException(RejectionCode.REFERENCE_REFUSED, e.getMessage());
        }
    }

    @Override
    public void close() {
        store.ifPresent(S3Store::close);
    }
}
