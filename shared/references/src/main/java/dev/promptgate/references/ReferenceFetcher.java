package dev.promptgate.references;

import dev.promptgate.messaging.record.ImageIds;
import dev.promptgate.messaging.record.ImageReference;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import dev.promptgate.messaging.record.RejectionCode;
import dev.promptgate.references.ReferenceMeters.Outcome;
import dev.promptgate.service.settings.InvalidSettingsException;
import dev.promptgate.service.settings.SettingsValues;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches the files that references name, from where the settings allow it, and checks that they are what the record says. Blocking, within
 * {@code references.timeout}; thread-safe. Close it when no fetch runs.
 */
public final class ReferenceFetcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReferenceFetcher.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final int MAX_DOUBLINGS = 6;

    private final List<ReferenceSource> sources;
    private final ReferenceMeters meters;
    private final int maxBytes;
    private final Duration timeout;
    private final int attempts;

    ReferenceFetcher(List<ReferenceSource> sources, ReferenceSettings settings, ReferenceMeters meters) {
        this.sources = List.copyOf(sources);
        this.meters = meters;
        maxBytes = settings.values().get(ReferenceSettings.MAX_BYTES);
        timeout = settings.values().get(ReferenceSettings.TIMEOUT);
        attempts = settings.values().get(ReferenceSettings.ATTEMPTS);
    }

    /**
     * With every source. Connections over https are closed with the verticle on whose context it is created, or else with Vert.x.
     *
     * @throws InvalidSettingsException if the authorities' file cannot be used, or half of the credentials for S3 are set
     */
    public static ReferenceFetcher create(Vertx vertx, SettingsValues values, MeterRegistry registry) {
        ReferenceSettings settings = new ReferenceSettings(values);
        return new ReferenceFetcher(
                List.of(new HttpsSource(vertx, settings), new FileSource(settings.fileRoots()), S3Source.of(settings)), settings,
                new ReferenceMeters(registry));
    }

    /**
     * The file's bytes.
     *
     * @throws InvalidRecordException if it must not be fetched, cannot be fetched after every attempt, or is another one than expected
     * @throws InterruptedException if the thread is interrupted, which ends the fetch
     */
    public byte[] fetch(ImageReference reference) throws InvalidRecordException, InterruptedException {
        long began = System.nanoTime();
        Optional<ReferenceSource> source = sources.stream()
                .filter(one -> one.scheme().wireName().equalsIgnoreCase(reference.uri().getScheme())).findFirst();
        ReferenceScheme scheme = source.map(ReferenceSource::scheme).orElse(ReferenceScheme.OTHER);
        try {
            if (source.isEmpty()) {
                throw Refusals.refused(reference, "Images are not fetched by this scheme; refer to them by https, file or s3");
            }
            byte[] bytes = checked(reference, source.get());
            meters.increment(ReferenceMeters.FETCHES, scheme, Outcome.FETCHED);
            return bytes;
        } catch (InvalidRecordException e) {
            meters.increment(ReferenceMeters.FETCHES, scheme, Outcome.of(e.code()));
            throw e;
        } finally {
            meters.time(ReferenceMeters.FETCH_TIME, System.nanoTime() - began);
        }
    }

    private byte[] checked(ImageReference reference, ReferenceSource source) throws InvalidRecordException, InterruptedException {
        FetchLimits limits = FetchLimits.of(maxBytes, timeout);
        limits.checkSize(reference, reference.size().orElse(0));
        byte[] bytes = attempt(reference, source, limits);
        if (reference.size().isPresent() && reference.size().getAsLong() != bytes.length) {
            throw Refusals.mismatch(reference, "size", reference.size().getAsLong(), bytes.length);
        }
        if (reference.sha256().isPresent()) {
            String found = ImageIds.sha256(bytes);
            if (!found.equals(reference.sha256().get())) {
                throw Refusals.mismatch(reference, "SHA-256", reference.sha256().get(), found);
            }
        }
        if (bytes.length == 0) {
            throw new InvalidRecordException(RejectionCode.EMPTY_VALUE,
                    "The image that the record refers to is empty; put its bytes there [" + Refusals.place(reference) + "]");
        }
        return bytes;
    }

    private byte[] attempt(ImageReference reference, ReferenceSource source, FetchLimits limits)
            throws InvalidRecordException, InterruptedException {
        for (int attempt = 1;; attempt++) {
            try {
                return source.fetch(reference, limits);
            } catch (IOException e) {
                Duration pause = pause(attempt);
                if (attempt == attempts || pause.compareTo(limits.remaining()) >= 0) {
                    throw Refusals.unavailable(reference, "%s, after %d of %d attempts".formatted(e.getMessage(), attempt, attempts));
                }
                LOG.debug("An image is not to be had yet; tries again [{}, cause: {}]", Refusals.place(reference), e.getMessage());
                meters.increment(ReferenceMeters.RETRIES);
                Thread.sleep(pause.toMillis());
            }
        }
    }

    @Override
    public void close() {
        sources.forEach(ReferenceSource::close);
    }

    /** Doubles from attempt to attempt, and lies between a half and all of that, so that many encoders do not ask at once. */
    private static Duration pause(int attempt) {
        long millis = FIRST_PAUSE.toMillis() << Math.min(attempt - 1, MAX_DOUBLINGS);
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(millis / 2, millis + 1));
    }
}
