package dev.promptgate.objectstore;

import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.objectstore.S3StoreException.Kind;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/** What a failure of the SDK means, and what to do. Texts of the server are left out but for its error code. */
final class S3Failure {
    private static final int DEEPEST = 10; // a chain of causes may be a ring

    /** That nobody named who asks. */
    static final class NoCredentialsException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NoCredentialsException(SdkException cause) {
            super(cause);
        }
    }

    private final String bucket;
    private final String key;

    S3Failure(String bucket, String key) {
        this.bucket = bucket;
        this.key = key;
    }

    S3StoreException of(RuntimeException failure) {
        if (failure instanceof AwsServiceException answer) {
            return answered(answer);
        }
        if (has(failure, NoCredentialsException.class)) {
            return of(Kind.DENIED, "No credentials for S3 are found; set s3.access-key-id and s3.secret-access-key", "", failure);
        }
        if (has(failure, ApiCallTimeoutException.class) || has(failure, ApiCallAttemptTimeoutException.class)) {
            return of(Kind.UNAVAILABLE, "S3 took longer than s3.timeout; try again later, or raise it", "", failure);
        }
        return of(Kind.UNAVAILABLE, "S3 does not answer as it should; is s3.endpoint right, and reachable?",
                ", cause: " + words(failure), failure);
    }

    S3StoreException tooLarge(int maxBytes) {
        return of(Kind.TOO_LARGE, "The object is too large; store a smaller one, or raise the bound", ", bound: " + maxBytes, null);
    }

    private S3StoreException answered(AwsServiceException answer) {
        String code = Optional.ofNullable(answer.awsErrorDetails()).map(AwsErrorDetails::errorCode).orElse("");
        String details = ", status: %d, code: %s".formatted(answer.statusCode(), Quoted.of(code));
        int status = answer.statusCode();
        if (code.equals("NoSuchBucket")) {
            return of(Kind.NOT_FOUND, "There is no such bucket; check its name, s3.endpoint and s3.region", "", answer);
        }
        if (code.equals("NoSuchKey")) {
            return of(Kind.NOT_FOUND, "There is no such object; check bucket and key", "", answer);
        }
        if (status == 401 || status == 403) {
            return of(Kind.DENIED, "S3 does not allow this; check the credentials and their rights", details, answer);
        }
        if (status >= 500 || status == 408 || status == 429) {
            return of(Kind.UNAVAILABLE, "S3 is out of order or overloaded; try again later", details, answer);
        }
        Optional<String> region = Optional.ofNullable(answer.awsErrorDetails()).map(AwsErrorDetails::sdkHttpResponse)
                .flatMap(response -> response.firstMatchingHeader("x-amz-bucket-region"));
        if (region.isPresent()) {
            return of(Kind.REFUSED, "The bucket is kept in another region; set s3.region", ", region: " + Quoted.of(region.get()), answer);
        }
        return of(Kind.REFUSED, "S3 refuses the request; check s3.endpoint, s3.region and s3.path-style", details, answer);
    }

    private S3StoreException of(Kind kind, String message, String details, Throwable cause) {
        return new S3StoreException(kind, "%s [bucket: %s, key: %s%s]".formatted(message, bucket, Quoted.of(key), details), cause);
    }

    /** The innermost cause says what the layers above only wrap. */
    private static String words(Throwable failure) {
        Throwable innermost = chain(failure).reduce((outer, inner) -> inner).orElse(failure);
        return Quoted.of(innermost.getMessage() == null ? innermost.getClass().getSimpleName() : innermost.getMessage());
    }

    private static boolean has(Throwable failure, Class<? extends Throwable> type) {
        return chain(failure).anyMatch(type::isInstance);
    }

    private static Stream<Throwable> chain(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause).limit(DEEPEST);
    }
}
