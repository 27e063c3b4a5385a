package dev.promptgate.clip.hub;

import dev.promptgate.clip.digest.Sha256;
import dev.promptgate.clip.failure.ModelException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** Downloads the files of one model, with a progress bar on standard error, and checks length and SHA-256 where the hub tells them. */
record HubDownload(HubOptions options, String model, String revision, HttpClient client) {
    private static final Pattern SHA256 = Pattern.compile("\"?([0-9a-f]{64})\"?");
    private static final int MAX_REDIRECTS = 5;

    HubDownload(HubOptions options, String model, String revision) {
        // Redirects are followed by hand: the token must not travel to another host.
        this(options, model, revision, HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(Duration.ofSeconds(15)).build());
    }

    /** Downloads a file into the directory, unless it is there; false if the hub has none of that name. */
    boolean fetch(String file, Path directory) {
        Path target = directory.resolve(file);
        if (Files.exists(target)) {
            return true;
        }
        URI uri = URI.create("%s/%s/resolve/%s/%s".formatted(options.address().toString().replaceAll("/$", ""), model, revision, file));
        Path part = directory.resolve(file + ".part");
        try {
            return download(uri, file, part, target);
        } catch (IOException e) {
            throw new ModelException(
                    "The model cannot be downloaded; check the network, or give --model a directory [file: %s, address: %s, cause: %s]"
                            .formatted(file, options.address(), e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ModelException("The download was interrupted [file: " + file + "]", e);
        } finally {
            deleteQuietly(part);
        }
    }

    private boolean download(URI uri, String file, Path part, Path target) throws IOException, InterruptedException {
        Optional<String> expected = Optional.empty();
        URI at = uri;
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            HttpResponse<InputStream> response = client.send(request(at), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                if (expected.isEmpty()) {
                    expected = sha256(response);
                }
                int status = response.statusCode();
                if (status == 404) {
                    return false;
                }
                if (status == 401 || status == 403) {
                    throw new ModelException(
                            "The hub refuses this model; check its name, or set HF_TOKEN to a token that may read it"
                                    + " [model: %s, status: %d]"
                                            .formatted(model, status));
                }
                if (status / 100 == 3 && response.headers().firstValue("location").isPresent()) {
                    at = at.resolve(response.headers().firstValue("location").get());
                    continue;
                }
                if (status != 200) {
                    throw new IOException("status " + status);
                }
                save(body, file, response.headers().firstValueAsLong("content-length").orElse(-1), expected, part);
                Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
                return true;
            }
        }
        throw new IOException("too many redirects");
    }

    private HttpRequest request(URI uri) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Duration.ofMinutes(30)).header("user-agent", "promptgate");
        if (options.token().isPresent() && uri.getHost().equals(options.address().getHost())) {
            request.header("authorization", "Bearer " + options.token().get());
        }
        return request.build();
    }

    /** The hub gives the SHA-256 of large files as their ETag. */
    private static Optional<String> sha256(HttpResponse<?> response) {
        return response.headers().firstValue("x-linked-etag").or(() -> response.headers().firstValue("etag"))
                .map(SHA256::matcher).filter(Matcher::matches).map(matcher -> matcher.group(1));
    }

    private void save(InputStream body, String file, long length, Optional<String> expected, Path part) throws IOException {
        MessageDigest digest = Sha256.start();
        long received;
        ProgressBarBuilder bar = new ProgressBarBuilder().setTaskName(file).setInitialMax(length).setUnit(" MiB", 1 << 20)
                .setUpdateIntervalMillis(500);
        try (InputStream in = ProgressBar.wrap(body, bar);
                OutputStream out = new DigestOutputStream(Files.newOutputStream(part), digest)) {
            received = in.transferTo(out);
        }
        if (length >= 0 && received != length) {
            throw new IOException("the file ended after %d of %d bytes".formatted(received, length));
        }
        String actual = HexFormat.of().formatHex(digest.digest());
        if (expected.isPresent() && !expected.get().equals(actual)) {
            throw new ModelException(
                    "The downloaded file's checksum is wrong, it was thrown away; try again [file: %s, expected: %s, found: %s]"
                            .formatted(file, expected.get(), actual));
        }
    }

    private static void deleteQuietly(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            part.toFile().deleteOnExit(); // it is overwritten next time anyway
        }
    }
}
