package dev.promptgate.objectstore;

/**
 * An object as a bucket lists it. Its key is as the bucket has it, which may be none that an {@link S3Location} takes.
 *
 * @param size in bytes
 * @param etag changes with the content
 */
public record StoredObject(String bucket, String key, long size, String etag) {
    /** @throws IllegalArgumentException if the key is none that can be asked for safely */
    public S3Location location() {
        return new S3Location(bucket, key);
    }
}
