package dev.promptgate.load.command;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** Keeps a load on this machine: a load that was meant for a test must not meet a cluster that people use. */
final class Loopback {
    private Loopback() {}

    /** @throws IllegalArgumentException if a broker is not on this machine */
    static void require(String bootstrapServers) {
        Arrays.stream(bootstrapServers.split(",")).map(String::strip).filter(server -> !isLoopback(server)).findFirst()
                .ifPresent(server -> {
                    throw new IllegalArgumentException(
                            "The load would fall on a broker that is not on this machine; add --allow-remote if that is meant [broker: "
                                    + server + "]");
                });
    }

    private static boolean isLoopback(String server) {
        String host = server.substring(0, Math.max(0, server.lastIndexOf(':'))).replaceAll("^\\[|]$", "");
        try {
            return !host.isEmpty() && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
