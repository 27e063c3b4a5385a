package dev.promptgate.objectstore;

import dev.promptgate.objectstore.S3Failure.NoCredentialsException;
import dev.promptgate.service.settings.SettingsValues;
import java.net.URI;
import java.time.Duration;
import java.util.function.Consumer;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;

/**
 * Reads S3, or what speaks its protocol. Calls block, so they are not for event loops; each ends within {@code s3.timeout} and is tried
 * {@code s3.attempts} times, unless the caller sees to both. Thread-safe; close it when no call runs.
 */
public final class S3Store implements AutoCloseable {
    private static final int PAGE = 1000; // S3's own limit

    private final S3Client client;

    private S3Store(S3Client client) {
        this.client = client;
    }

    /**
     * Asks nobody yet.
     *
     * @throws dev.promptgate.service.settings.InvalidSettingsException if half of the credentials are set
     */
    public static S3Store open(SettingsValues values) {
        Duration timeout = values.get(S3Settings.TIMEOUT);
        int attempts = values.get(S3Settings.ATTEMPTS);
        return open(values, timeout, timeout.dividedBy(attempts), attempts);
    }

    /**
     * The same for who tries again himself, by rules of his own: each call is one attempt, and ends when the server is silent for
     * {@code silence}.
     *
     * @throws dev.promptgate.service.settings.InvalidSettingsException if half of the credentials are set
     */
    public static S3Store forSingleAttempts(SettingsValues values, Duration silence) {
        return open(values, values.get(S3Settings.TIMEOUT), silence, 1);
    }

    private static S3Store open(SettingsValues values, Duration timeout, Duration silence, int attempts) {
        // Not the JDK's HTTP client: to abort a call waits there for the connection's lock, which a drain of the rest may hold for seconds.
        SdkHttpClient http = new HangingUp(Apache5HttpClient.builder().connectionTimeout(silence).socketTimeout(silence).build());
        S3ClientBuilder builder = S3Client.builder().credentialsProvider(credentials(values))
                .region(Region.of(values.get(S3Settings.REGION))).forcePathStyle(values.get(S3Settings.PATH_STYLE))
                .httpClientBuilder(defaults -> http)
                .overrideConfiguration(config -> config.apiCallTimeout(timeout)
                        .retryStrategy(StandardRetryStrategy.builder().maxAttempts(attempts).build()));
        if (!values.get(S3Settings.ENDPOINT).isEmpty()) {
            builder.endpointOverride(URI.create(values.get(S3Settings.ENDPOINT)));
        }
        return new S3Store(builder.build());
    }

    private static AwsCredentialsProvider credentials(SettingsValues values) {
        if (S3Settings.haveKeys(values)) {
            return StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(values.get(S3Settings.ACCESS_KEY_ID), values.get(S3Settings.SECRET_ACCESS_KEY)));
        }
        // The SDK's own chain ends with an address that only EC2 answers: elsewhere it costs seconds, or somebody else answers.
        AwsCredentialsProvider chain = AwsCredentialsProviderChain.of(EnvironmentVariableCredentialsProvider.create(),
                ProfileCredentialsProvider.create(), ContainerCredentialsProvider.builder().build());
        return () -> {
            try {
                return chain.resolveCredentials();
            } catch (SdkClientException e) {
                throw new NoCredentialsException(e);
            }
        };
    }

    /**
     * An object's bytes.
     *
     * @throws S3StoreException if they cannot be had, or are more than {@code maxBytes}
     */
    public byte[] get(S3Location object, int maxBytes) throws S3StoreException {
        return get(object, maxBytes, request -> {});
    }

    /**
     * The same within a time of the caller's instead of {@code s3.timeout}.
     *
     * @throws S3StoreException if they cannot be had, or are more than {@code maxBytes}
     */
    public byte[] get(S3Location object, int maxBytes, Duration timeout) throws S3StoreException {
        return get(object, maxBytes, request -> request.overrideConfiguration(config -> config.apiCallTimeout(timeout)));
    }

    /**
     * The first bytes of an object that is not empty; all of them if it has fewer than {@code count}.
     *
     * @throws S3StoreException if they cannot be had
     */
    public byte[] start(S3Location object, int count) throws S3StoreException {
        return get(object, count, request -> request.range("bytes=0-" + (count - 1)));
    }

    private byte[] get(S3Location object, int maxBytes, Consumer<GetObjectRequest.Builder> more) throws S3StoreException {
        if (object.key().isEmpty()) {
            throw new IllegalArgumentException("A bucket alone is no object; add a key [bucket: %s]".formatted(object.bucket()));
        }
        S3Failure failure = new S3Failure(object.bucket(), object.key());
        GetObjectRequest.Builder request = GetObjectRequest.builder().bucket(object.bucket()).key(object.key());
        more.accept(request);
        try {
            return client.getObject(request.build(), new BoundedBody(maxBytes).transformer()).orElseThrow(() -> failure.tooLarge(maxBytes));
        } catch (SdkException | NoCredentialsException e) {
            throw failure.of(e);
        }
    }

    /**
     * Hands over the objects whose keys start with the prefix, in the order of their keys' bytes; a page of them is in memory at a time.
     *
     * @throws S3StoreException if a page cannot be had
     */
    public void list(S3Location prefix, Consumer<StoredObject> each) throws S3StoreException {
        list(prefix, PAGE, each);
    }

    void list(S3Location prefix, int pageSize, Consumer<StoredObject> each) throws S3StoreException {
        try {
            client.listObjectsV2Paginator(
                    request -> request.bucket(prefix.bucket()).prefix(prefix.key()).maxKeys(pageSize).encodingType(EncodingType.URL))
                    .contents()
                    .forEach(o -> each.accept(new StoredObject(prefix.bucket(), o.key(), o.size(), o.eTag())));
        } catch (SdkException | NoCredentialsException e) {
            throw new S3Failure(prefix.bucket(), prefix.key()).of(e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
