package dev.promptgate.ingest.labelstudio;

import dev.promptgate.ingest.label.ImageCheck;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.service.api.Problem;
import dev.promptgate.service.api.ProblemException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;

/** The image of a task: the file's bytes, or where it is to be fetched, a URI in UTF-8. */
record TaskImage(byte[] bytes, boolean isReference) {
    private static final Set<String> FETCHED = Set.of("http", "https", "s3");
    private static final String DATA = "data:";
    private static final String BASE64 = ";base64";
    private static final int MAX_ADDRESS = 4096; // the encoder takes no longer one

    /**
     * Reads what a task's data says: a {@code data:} URI with the image itself, an address, or a path in Label Studio.
     *
     * @param labelStudio put before a path; empty if it is not known
     * @throws ProblemException if it is none of these; no address is quoted, since one may hold a signature
     */
    static TaskImage of(String text, String labelStudio, ImageCheck check) {
        if (text.regionMatches(true, 0, DATA, 0, DATA.length())) {
            byte[] file = decoded(text);
            check.require(file);
            return new TaskImage(file, false);
        }
        if (!text.startsWith("/")) {
            return reference(text);
        }
        if (labelStudio.isEmpty()) {
            throw problem("The image lies in Label Studio, whose address is not known here; set ingest.label-studio.url");
        }
        return reference(labelStudio.replaceFirst("/+$", "") + text);
    }

    private static byte[] decoded(String text) {
        int comma = text.indexOf(',');
        if (comma < 0 || !text.substring(0, comma).toLowerCase(Locale.ROOT).endsWith(BASE64)) {
            throw problem("The data: URI of the image is not in Base64; encode it so");
        }
        try {
            return Base64.getDecoder().decode(text.substring(comma + 1));
        } catch (IllegalArgumentException e) {
            throw problem("The Base64 of the image is damaged; send it whole");
        }
    }

    private static TaskImage reference(String address) {
        URI uri;
        try {
            uri = URI.create(address);
        } catch (IllegalArgumentException e) {
            throw problem("The image's address cannot be read; percent-encode it");
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!FETCHED.contains(scheme) || uri.getRawAuthority() == null || address.length() > MAX_ADDRESS) {
            throw problem("The image cannot be fetched; give it an address of at most %d characters with http, https or s3 [scheme: %s]"
                    .formatted(MAX_ADDRESS, Quoted.of(scheme)));
        }
        if (uri.getRawUserInfo() != null) {
            throw problem("The image's address holds a name or password, which would stand in the topic; leave it out");
        }
        return new TaskImage(address.getBytes(StandardCharsets.UTF_8), true);
    }

    private static ProblemException problem(String detail) {
        return Problem.of(422, detail).exception();
    }
}
