package dev.promptgate.messaging.record;

import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Headers;

/**
 * Where an image's file is kept, and what it must be. Nothing is said about whether it may be fetched.
 *
 * @param uri absolute; its query is a secret, since signed addresses have the signature there
 * @param size expected, bytes
 * @param sha256 expected, hexadecimal in lower case
 */
public record ImageReference(URI uri, OptionalLong size, Optional<String> sha256) {
    private static final int MAX_LENGTH = 4096;
    private static final Pattern SIZE = Pattern.compile("\\d{1,18}");
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    /**
     * Reads it from text as it stands in a record.
     *
     * @param size decimal, or null
     * @param sha256 hexadecimal in lower case, or null
     * @throws InvalidRecordException without the text, which may hold secrets
     */
    static ImageReference parse(String uri, String size, String sha256) throws InvalidRecordException {
        if (size != null && !SIZE.matcher(size).matches()) {
            throw malformed("The image's expected size is no number of bytes; write it in digits [size: %s]".formatted(Quoted.of(size)));
        }
        if (sha256 != null && !SHA_256.matcher(sha256).matches()) {
            throw malformed("The image's expected SHA-256 is none; write 64 hexadecimal digits in lower case [characters: %d]"
                    .formatted(sha256.length()));
        }
        return new ImageReference(absolute(uri), size == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(size)),
                Optional.ofNullable(sha256));
    }

    private static URI absolute(String text) throws InvalidRecordException {
        if (text.length() > MAX_LENGTH) {
            throw malformed("The image's URI is too long; shorten it [characters: %d, limit: %d]".formatted(text.length(), MAX_LENGTH));
        }
        try {
            URI uri = new URI(text);
            if (uri.isAbsolute() && !uri.isOpaque()) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // told below: the exception's own message holds the text
        }
        throw malformed("The image's URI is none; write it like https://host/path, s3://bucket/key or file:///path, other characters "
                + "percent-encoded and names of hosts in Punycode [characters: " + text.length() + "]");
    }

    private static InvalidRecordException malformed(String message) {
        return new InvalidRecordException(RejectionCode.MALFORMED_REFERENCE, message);
    }

    /** The URI without user, query and fragment: fit for logs, messages and headers. */
    public String shown() {
        String authority = uri.getRawAuthority() == null ? "" : uri.getRawAuthority();
        return uri.getScheme() + "://" + authority.substring(authority.lastIndexOf('@') + 1) + uri.getRawPath();
    }

    /** A record's value that says it: a list as RFC 2483 has it, of one line that nothing ends. */
    byte[] uriList() {
        return uri.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Adds the headers that belong to {@link #uriList}. */
    void describe(Headers headers) {
        headers.add(RecordHeaders.CONTENT_TYPE, RecordHeaders.utf8(ImageContent.URI_LIST));
        size.ifPresent(bytes -> headers.add(RecordHeaders.IMAGE_SIZE, RecordHeaders.utf8(Long.toString(bytes))));
        sha256.ifPresent(digest -> headers.add(RecordHeaders.IMAGE_SHA256, RecordHeaders.utf8(digest)));
    }

    /** The same without what it must be; the secrets are kept out of {@code toString}, which ends up in logs. */
    @Override
    public String toString() {
        return shown();
    }
}
