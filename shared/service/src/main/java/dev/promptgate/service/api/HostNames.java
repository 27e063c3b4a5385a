package dev.promptgate.service.api;

import io.netty.util.NetUtil;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The names by which a server that listens on loopback may be asked: localhost, any address, and those that are listed. A page from
 * elsewhere whose own name has been made to lead here (DNS rebinding) would otherwise read whatever this machine's user can reach. Whoever
 * listens on other addresses is reached by names that nobody knows here, and is not guarded by them. Immutable.
 */
public record HostNames(boolean isLoopback, Set<String> listed) {
    private static final String LOCALHOST = "localhost";
    private static final int MISDIRECTED_REQUEST = 421;

    /** @param address that the server listens on; {@code listed} are names with commas, maybe none */
    public static HostNames of(String address, String listed) {
        return new HostNames(address.equalsIgnoreCase(LOCALHOST) || isLoopback(address), Arrays.stream(listed.split(","))
                .map(name -> name.strip().toLowerCase(Locale.ROOT)).filter(name -> !name.isEmpty()).collect(Collectors.toSet()));
    }

    private static boolean isLoopback(String address) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        try {
            return bytes != null && InetAddress.getByAddress(bytes).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("Addresses have 4 or 16 bytes", e);
        }
    }

    /** Lets requests for these names through. */
    public Handler<HttpServerRequest> guarding(Handler<HttpServerRequest> server) {
        return request -> {
            if (isOurs(request.authority())) {
                server.handle(request);
            } else {
                Problem.of(MISDIRECTED_REQUEST, "This service is for this machine alone and has another name; ask for localhost")
                        .send(request.response());
            }
        };
    }

    /** Without a host there is no browser. */
    private boolean isOurs(HostAndPort authority) {
        if (!isLoopback || authority == null) {
            return true;
        }
        String host = authority.host().toLowerCase(Locale.ROOT);
        return host.isEmpty() || host.equals(LOCALHOST) || listed.contains(host)
                || NetUtil.createByteArrayFromIpAddressString(host) != null;
    }
}
