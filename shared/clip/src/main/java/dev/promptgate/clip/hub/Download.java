package dev.promptgate.clip.hub;

import dev.promptgate.clip.failure.FirstLine;
import dev.promptgate.clip.failure.ModelException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one file to this machine: what has come stays when the connection breaks, and the next attempt, or process, goes on from there. A
 * file appears under its name only when its size and SHA-256 are those that the server tells.
 *
 * @param target what it becomes; beside it {@code .part} and {@code .part.etag} meanwhile
 * @param sha256 that it must have, where it is known beforehand
 */
record Download(HubOptions options, URI address, Path target, Optional<String> sha256) {
    private static final Logger LOG = LoggerFactory.getLogger(Download.class);
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final int MAX_REDIRECTS = 5;
    private static final int MAX_ATTEMPTS = 6;
    private static final int CONNECT_MILLIS = 15_000;
    /** Without a byte for so long, an attempt has failed. */
    private static final int STALL_MILLIS = 60_000;
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
    private static final int BUFFER_BYTES = 1 << 16;
    /** So much more makes a broken attempt count as progress. */
    private static final long PROGRESS_BYTES = 1 << 20;

    /** An attempt that failed in a way that may pass. */
    private static final class Passing extends IOException {
        private static final long serialVersionUID = 1;
        private final Duration wait;

        Passing(String message, Duration wait) {
            super(message);
            this.wait = wait;
        }
    }

    /**
     * False if the server has no such file.
     *
     * @throws ModelException if it cannot be had, for a reason that stays or after several attempts
     */
    boolean run() {
        for (int attempt = 1;; attempt++) {
            long before = part().size();
            try {
                return attempt();
            } catch (IOException e) {
                if (part().size() - before >= PROGRESS_BYTES) {
                    attempt = 1;
                }
                boolean isUnreachable = e instanceof ConnectException || e instanceof UnknownHostException
                        || e instanceof SSLException && e.getCause() instanceof CertificateException;
                if (attempt >= MAX_ATTEMPTS || attempt == 1 && isUnreachable && part().size() == before) {
                    throw new ModelException(
                            "The model cannot be downloaded; check the network, or give --model a directory; what has come is kept"
                                    + " [file: %s, address: %s, cause: %s]".formatted(target.getFileName(), address.getHost(),
                                            FirstLine.of(e)),
                            e);
                }
                LOG.info("A download broke off and goes on [file: {}, bytes so far: {}, cause: {}]", target.getFileName(), part().size(),
                        FirstLine.of(e));
                pause(e, attempt);
            }
        }
    }

    private void pause(IOException e, int attempt) {
        Duration wait = e instanceof Passing passing && !passing.wait.isZero() ? passing.wait
                : options.firstWait().multipliedBy(1L << (attempt - 1)).plusMillis(
                        new Random().nextLong(1 + options.firstWait().toMillis() / 2)); // so that many do not come again together
        try {
            Thread.sleep(wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT.toMillis() : wait.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ModelException("The download was interrupted; it goes on from there next time [file: " + target.getFileName() + "]",
                    interrupted);
        }
    }

    private boolean attempt() throws IOException {
        URI at = address;
        Expected expected = null;
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            HttpURLConnection connection = options.proxies().connect(at);
            try {
                long from = open(connection, at, expected == null);
                int status = connection.getResponseCode();
                if (expected == null) {
                    hold(connection.getHeaderField("X-Repo-Commit"));
                }
                boolean isAnnounced = expected != null && expected.size() >= 0;
                if (expected == null || expected.size() < 0 && expected.tag().isEmpty()) {
                    expected = new Expected(connection, sha256, expected == null);
                }
                if (status == HttpURLConnection.HTTP_NOT_FOUND && !isAnnounced) {
                    return false;
                }
                String location = connection.getHeaderField("Location");
                if (from > 0 && from == expected.size() && expected.tag().equals(part().tag())) { // only its name was missing
                    finish(expected);
                    return true;
                }
                if (status / 100 == 3 && location != null) {
                    at = redirected(at, location);
                    continue;
                }
                refuse(connection, status, at.getAuthority().equals(address.getAuthority()));
                receive(connection, expected, status == HttpURLConnection.HTTP_PARTIAL ? from : 0);
                finish(expected);
                return true;
            } finally {
                connection.disconnect();
            }
        }
        throw new ModelException(
                "The hub redirects in a circle [file: %s, address: %s]".formatted(target.getFileName(), address.getHost()));
    }

    /** All files of a model are of one commit, however long that takes and whatever the branch points to meanwhile. */
    private void hold(String commit) throws IOException {
        Path held = target.resolveSibling(".commit");
        if (commit == null || Files.exists(held) && Files.readString(held).equals(commit)) {
            return;
        }
        if (Files.exists(held)) {
            try (Stream<Path> files = Files.list(held.getParent())) {
                for (Path file : files.filter(file -> !file.endsWith(".lock")).toList()) {
                    Files.delete(file);
                }
            }
            throw new ModelException("The model has changed on the hub since its download began, which was thrown away; try again"
                    + " [directory: %s, commit: %s]".formatted(held.getParent(), commit.lines().findFirst().orElse("")));
        }
        Files.writeString(held, commit);
    }

    private URI redirected(URI at, String location) {
        try {
            URI to = at.resolve(location.replace(" ", "%20"));
            if (to.getHost() != null && to.getScheme().matches("https?")) {
                return to;
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw new ModelException("The hub redirects to what is no address of http or https [file: %s, address: %s]"
                .formatted(target.getFileName(), address.getHost()));
    }

    /** Asks for what is missing, and returns from where on. */
    private long open(HttpURLConnection connection, URI at, boolean isFirst) throws IOException {
        connection.setInstanceFollowRedirects(false); // the token must not travel to another host
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(STALL_MILLIS);
        connection.setRequestProperty("User-Agent", "promptgate");
        connection.setRequestProperty("Accept-Encoding", "identity");
        if (options.token().isPresent() && at.getHost().equals(options.hub().getHost()) && at.getPort() == options.hub().getPort()
                && at.getScheme().equals(options.hub().getScheme())) {
            connection.setRequestProperty("Authorization", "Bearer " + options.token().get());
        }
        String tag = part().tag();
        long from = tag.isEmpty() ? 0 : part().size();
        if (from > 0) {
            connection.setRequestProperty("Range", "bytes=" + from + "-");
            if (isFirst) {
                connection.setRequestProperty("If-Range", '"' + tag + '"'); // whom it redirects to has tags of its own
            }
        }
        return from;
    }

    private void refuse(HttpURLConnection connection, int status, boolean isHub) throws IOException {
        boolean isOutOfDate = status == HttpURLConnection.HTTP_FORBIDDEN && !isHub; // the hub signs addresses of its storage for a while
        if (status == HttpURLConnection.HTTP_UNAUTHORIZED || status == HttpURLConnection.HTTP_FORBIDDEN && !isOutOfDate) {
            throw new ModelException(
                    "The hub refuses this model; check its name, accept its conditions on its page if it has some, and set HF_TOKEN"
                            + " to a token that may read it [address: %s, status: %d]".formatted(address.getHost() + address.getPath(),
                                    status));
        }
        if (status == 416) { // the part is longer than the file
            part().forget();
        }
        if (status != HttpURLConnection.HTTP_OK && status != HttpURLConnection.HTTP_PARTIAL) {
            if (status != 429 && status != 408 && status != 416 && status / 100 != 5 && !isOutOfDate) {
                throw new ModelException("The model cannot be downloaded [address: %s, status: %d]"
                        .formatted(address.getHost() + address.getPath(), status));
            }
            throw new Passing("status " + status, wait(connection));
        }
    }

    /** In seconds or until a date; zero if the server does not tell. */
    private static Duration wait(HttpURLConnection connection) {
        String seconds = String.valueOf(connection.getHeaderField("Retry-After"));
        long millis = seconds.matches("\\d{1,6}") ? Long.parseLong(seconds) * 1000
                : connection.getHeaderFieldDate("Retry-After", 0) - System.currentTimeMillis();
        return Duration.ofMillis(Math.max(0, millis));
    }

    private void receive(HttpURLConnection connection, Expected expected, long resumed) throws IOException {
        String type = String.valueOf(connection.getContentType());
        String encoding = String.valueOf(connection.getContentEncoding());
        if (type.startsWith("text/html") || !encoding.matches("null|identity")) {
            throw new ModelException("What came is a web page, or packed, and not the file; does a proxy or mirror ask for a login?"
                    + " [file: %s, address: %s, Content-Type: %s, Content-Encoding: %s]".formatted(target.getFileName(),
                            connection.getURL().getHost(), type, encoding));
        }
        // Another file lies there than the one that was begun, or the server began at another place: all of it once more.
        String range = String.valueOf(connection.getHeaderField("Content-Range"));
        boolean isResumed = resumed > 0 && expected.tag().equals(part().tag()) && range.startsWith("bytes " + resumed + "-");
        if (resumed > 0 && !isResumed) {
            part().forget();
            throw new Passing("the file has changed meanwhile", Duration.ZERO);
        }
        long total = connection.getContentLengthLong() < 0 ? -1 : resumed + connection.getContentLengthLong();
        ProgressBarBuilder bar = new ProgressBarBuilder().setTaskName(target.getFileName().toString()).setInitialMax(total)
                .startsFrom(resumed, Duration.ZERO).setUnit(" MiB", 1 << 20).setUpdateIntervalMillis(500);
        try (InputStream in = ProgressBar.wrap(connection.getInputStream(), bar);
                OutputStream out = part().open(expected.tag(), isResumed)) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                part().write(out, buffer, count);
            }
        }
        if (total >= 0 && part().size() != total) {
            throw new IOException("the file ended after %d of %d bytes".formatted(part().size(), total));
        }
    }

    private void finish(Expected expected) throws IOException {
        long size = part().size();
        if (expected.size() >= 0 && size != expected.size()) {
            part().forget();
            throw new Passing("the file has %d bytes, the hub tells %d".formatted(size, expected.size()), Duration.ZERO);
        }
        if (expected.sha256().isPresent()) {
            String actual = part().sha256();
            if (!actual.equals(expected.sha256().get())) {
                part().forget();
                throw new ModelException(
                        "The downloaded file's checksum is wrong, it was thrown away; try again [file: %s, expected: %s, found: %s]"
                                .formatted(target.getFileName(), expected.sha256().get(), actual));
            }
        }
        if (target.toString().endsWith(".json") && !part().isJson()) {
            part().forget();
            throw new ModelException("What came is no JSON, it was thrown away; is the address right, and is it a hub?"
                    + " [file: %s, address: %s]".formatted(target.getFileName(), address.getHost()));
        }
        part().complete();
    }

    private PartFile part() {
        return new PartFile(target);
    }

    /**
     * What the first answer that knows the file tells of it, even where it sends elsewhere.
     *
     * @param size bytes; −1 if it does not tell
     */
    private record Expected(String tag, long size, Optional<String> sha256) {
        /** Whom the hub redirects to has tags of its own, which are no checksums. */
        Expected(HttpURLConnection response, Optional<String> known, boolean isFirst) {
            this(tag(response), response.getHeaderFieldLong("X-Linked-Size", -1),
                    known.or(() -> Optional.of(tag(response)).filter(tag -> SHA256.matcher(tag).matches())
                            .filter(tag -> isFirst || response.getHeaderField("X-Linked-Etag") != null)));
        }

        /** The hub gives the SHA-256 of large files as their ETag. */
        private static String tag(HttpURLConnection response) {
            String linked = response.getHeaderField("X-Linked-Etag");
            String tag = linked != null ? linked : response.getHeaderField("ETag");
            Matcher quoted = Pattern.compile("(?:W/)?\"?([^\"]*)\"?").matcher(tag == null ? "" : tag);
            return quoted.matches() ? quoted.group(1) : "";
        }
    }
}
