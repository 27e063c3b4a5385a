package dev.promptgate.references;

import static dev.promptgate.references.Refusals.refused;

import dev.promptgate.messaging.record.ImageReference;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.function.Predicate;

/**
 * Says which address is asked for a URI, if any: https only, listed hosts, no credentials, and no address that is not public, unless the
 * settings allow it. Whoever connects uses the address given here and looks no name up again, so that a name cannot change its address
 * between check and use. Thread-safe.
 *
 * @param addresses which ones may be asked
 */
record HostGuard(AllowedHosts hosts, Predicate<InetAddress> addresses, Resolver resolver) {
    @FunctionalInterface
    interface Resolver {
        /** Blocks, for as long as the limits allow at most. */
        InetAddress[] resolve(String host, FetchLimits limits) throws IOException, InterruptedException;
    }

    /**
     * The address to connect to.
     *
     * @throws InvalidRecordException if it must not be asked
     * @throws IOException if the name cannot be looked up
     */
    InetAddress check(ImageReference reference, FetchLimits limits) throws InvalidRecordException, IOException, InterruptedException {
        URI uri = reference.uri();
        if (!"https".equalsIgnoreCase(uri.getScheme())) {
            throw refused(reference, "Images are fetched over https only, also where a host redirects; refer to them so");
        }
        if (uri.getRawAuthority() == null || uri.getRawAuthority().contains("@")) {
            throw refused(reference, "A reference must name a host and no user; sign the address or let the host know the encoder");
        }
        if (uri.getHost() == null || !hosts.allows(uri.getHost(), port(uri))) {
            throw refused(reference, "Images are not fetched from this host; list it in references.hosts, spelled as in the reference");
        }
        InetAddress[] found = resolver.resolve(uri.getHost(), limits);
        for (InetAddress address : found) {
            if (!addresses.test(address)) {
                throw refused(reference, "The host's address is not public; set references.allow-private-addresses if it is meant");
            }
        }
        return found[0];
    }

    static int port(URI uri) {
        return uri.getPort() < 0 ? AllowedHosts.HTTPS_PORT : uri.getPort();
    }
}
