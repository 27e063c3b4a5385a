package dev.promptgate.objectstore;

import dev.promptgate.messaging.record.Quoted;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Where an object lies, or, as a prefix, a folder of them; an empty key stands for the whole bucket. It is written in two ways. People and
 * AWS's tools write the key as it is ({@link #parse}): {@code s3://photos/red apple/50%.jpg}. In a record it is a URI ({@link #of}), so
 * whatever means something else there is percent-encoded: {@code s3://photos/red%20apple/50%25.jpg}. A plus sign is a plus sign in both.
 *
 * @param key at most 1,024 bytes of UTF-8, no control characters, no part {@code .} or {@code ..}: some servers and proxies resolve these
 */
public record S3Location(String bucket, String key) {
    private static final String SCHEME = "s3";
    private static final String START = SCHEME + "://";
    private static final int MAX_KEY_BYTES = 1024;
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final Pattern ADDRESS = Pattern.compile("\\d+(\\.\\d+){3}");

    /** @throws IllegalArgumentException if S3 has no such names; the message is one line */
    public S3Location {
        if (!BUCKET.matcher(bucket).matches() || bucket.contains("..") || ADDRESS.matcher(bucket).matches()) {
            throw new IllegalArgumentException("A bucket's name has 3 to 63 lower-case letters, digits, dots and hyphens; correct it "
                    + "[bucket: %s]".formatted(Quoted.of(bucket)));
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(key) || key.indexOf('\uFFFD') >= 0) {
            throw wrong("The key is not UTF-8; encode it anew", bucket, key);
        }
        if (key.getBytes(StandardCharsets.UTF_8).length > MAX_KEY_BYTES) {
            throw wrong("The key is longer than the %,d bytes that S3 takes; correct it".formatted(MAX_KEY_BYTES), bucket, key);
        }
        if (key.chars().anyMatch(Character::isISOControl)) {
            throw wrong("The key has control characters; rename the object", bucket, key);
        }
        if (Arrays.stream(key.split("/")).anyMatch(part -> part.equals(".") || part.equals(".."))) {
            throw wrong("The key has a part . or .., which some servers take for another folder; rename the object", bucket, key);
        }
    }

    /** Whether a text is meant to be one, right or wrong. */
    public static boolean isMeant(String text) {
        return text.toLowerCase(Locale.ROOT).startsWith(START);
    }

    /**
     * The location in a text whose key is written as it is.
     *
     * @throws IllegalArgumentException if it is none; the message is one line
     */
    public static S3Location parse(String text) {
        if (!isMeant(text)) {
            throw new IllegalArgumentException("This is no address in S3; write s3://bucket/key [address: %s]".formatted(Quoted.of(text)));
        }
        String rest = text.substring(START.length());
        int slash = rest.indexOf('/');
        return slash < 0 ? new S3Location(rest, "") : new S3Location(rest.substring(0, slash), rest.substring(slash + 1));
    }

    /**
     * The location that a URI stands for.
     *
     * @throws IllegalArgumentException if it is none; the message is one line
     */
    public static S3Location of(URI uri) {
        if (!SCHEME.equalsIgnoreCase(uri.getScheme()) || uri.getRawAuthority() == null) {
            throw new IllegalArgumentException("This is no address in S3; write s3://bucket/key [address: %s]".formatted(
                    Quoted.of(uri.toString())));
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("A ? or # in the URI of an object starts no key; write %%3F or %%23 [bucket: %s, key: %s]"
                    .formatted(Quoted.of(uri.getRawAuthority()), Quoted.of(uri.getPath())));
        }
        return new S3Location(uri.getRawAuthority(), uri.getPath().isEmpty() ? "" : uri.getPath().substring(1));
    }

    /** What {@link #of} reads, in ASCII. */
    public URI uri() {
        String path = URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20").replace("%2F", "/");
        return URI.create(START + bucket + "/" + path);
    }

    @Override
    public String toString() {
        return START + bucket + "/" + key;
    }

    private static IllegalArgumentException wrong(String what, String bucket, String key) {
        return new IllegalArgumentException("%s [bucket: %s, key: %s]".formatted(what, bucket, Quoted.of(key)));
    }
}
