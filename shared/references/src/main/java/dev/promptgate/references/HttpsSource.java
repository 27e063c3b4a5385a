package dev.promptgate.references;

import dev.promptgate.messaging.record.ImageReference;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Files over https. Every hop of a redirect is checked like the reference itself, and the connection goes to the address that was checked;
 * certificates are checked for the host's name. Its client is closed with the verticle that creates it, or else with Vert.x.
 */
final class HttpsSource implements ReferenceSource {
    private static final int MAX_REDIRECTS = 3;

    private final HttpClient client;
    private final HostGuard guard;

    HttpsSource(Vertx vertx, ReferenceSettings settings) {
        this(vertx, settings, new HostGuard(settings.hosts(),
                settings.values().get(ReferenceSettings.ALLOW_PRIVATE) ? any -> true : PublicAddresses::contain,
                (host, limits) -> lookUp(vertx, host, limits)));
    }

    /** With another guard than that of the settings. */
    HttpsSource(Vertx vertx, ReferenceSettings settings, HostGuard guard) {
        this.guard = guard;
        HttpClientOptions options = new HttpClientOptions().setSsl(true).setVerifyHost(true);
        settings.authorities().ifPresent(options::setTrustOptions);
        client = vertx.createHttpClient(options,
                new PoolOptions().setHttp1MaxSize(settings.values().get(ReferenceSettings.PARALLEL)));
    }

    @Override
    public ReferenceScheme scheme() {
        return ReferenceScheme.HTTPS;
    }

    @Override
    public byte[] fetch(ImageReference reference, FetchLimits limits) throws InvalidRecordException, IOException, InterruptedException {
        ImageReference hop = reference;
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            HttpsAnswer answer = ask(hop, guard.check(hop, limits), limits);
            if (answer.location().isEmpty()) {
                return answer.body();
            }
            hop = redirected(hop, answer.location().get());
        }
        throw Refusals.refused(reference, "The host redirects more than %d times; refer to the image itself".formatted(MAX_REDIRECTS));
    }

    private static ImageReference redirected(ImageReference from, String location) throws InvalidRecordException {
        try {
            URI target = from.uri().resolve(location);
            if (target.isAbsolute() && !target.isOpaque()) {
                return new ImageReference(target, OptionalLong.empty(), Optional.empty());
            }
        } catch (IllegalArgumentException e) {
            // told below, without the text
        }
        throw Refusals.refused(from, "The host redirects to what is no address; refer to the image itself");
    }

    private HttpsAnswer ask(ImageReference reference, InetAddress address, FetchLimits limits)
            throws InvalidRecordException, IOException, InterruptedException {
        URI uri = URI.create(reference.uri().toASCIIString()); // what is not ASCII must not reach the request's first line
        long millis = limits.remainingMillis();
        RequestOptions options = new RequestOptions().setSsl(true).setHost(uri.getHost()).setPort(HostGuard.port(uri))
                .setServer(SocketAddress.inetSocketAddress(HostGuard.port(uri), address.getHostAddress())).setURI(target(uri))
                .setFollowRedirects(false).setTimeout(millis).putHeader(HttpHeaders.ACCEPT, "image/*, */*;q=0.1");
        AtomicReference<HttpClientRequest> asked = new AtomicReference<>();
        Future<HttpsAnswer> answer = client.request(options).compose(request -> {
            asked.set(request);
            return request.send();
        }).compose(response -> HttpsAnswer.read(response, reference, limits));
        try {
            return await(answer, limits);
        } finally {
            if (!answer.succeeded() || answer.result().location().isPresent()) {
                Optional.ofNullable(asked.get()).ifPresent(HttpClientRequest::reset); // nothing more is read of it
            }
        }
    }

    private static String target(URI uri) {
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }

    /** The system's resolver knows no time bound, so it is asked on a worker thread of Vert.x. */
    private static InetAddress[] lookUp(Vertx vertx, String host, FetchLimits limits) throws IOException, InterruptedException {
        try {
            return await(vertx.executeBlocking(() -> InetAddress.getAllByName(host), false), limits);
        } catch (InvalidRecordException e) {
            throw new IllegalStateException("No resolver throws it", e);
        }
    }

    private static <T> T await(Future<T> future, FetchLimits limits) throws InvalidRecordException, IOException, InterruptedException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(limits.remainingMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("the time is up", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InvalidRecordException invalid) {
                throw invalid;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IOException(e.getCause().getClass().getSimpleName() + ": " + e.getCause().getMessage(), e.getCause());
        }
    }
}
