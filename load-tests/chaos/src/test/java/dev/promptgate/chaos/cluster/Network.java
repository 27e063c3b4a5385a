package dev.promptgate.chaos.cluster;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A network of hosts within this machine, from network namespaces and a bridge, out of reach from elsewhere. Cuts are silent: what a host
 * sends to another goes to a link address that nobody has, so that connections stay half open, as when a cable is pulled.
 */
public final class Network implements AutoCloseable {
    /** 198.18.0.0/15 is set aside for such tests (RFC 2544). */
    private static final String ADDRESS = "198.18.%d.%d";
    private static final String NOBODY = "02:00:00:00:00:01";

    private final Host bridge;
    private final int net = (int) (ProcessHandle.current().pid() % 256);
    private final List<Host> hosts = new ArrayList<>();
    private final Set<List<Host>> cuts = new HashSet<>();
    private final Set<Host> slowed = new HashSet<>();

    private Network(Host bridge) {
        this.bridge = bridge;
    }

    /** With this JVM on it; throws IOException where the machine does not allow it, or lacks iproute2. */
    static Network create() throws IOException {
        Network network = new Network(Host.ofItsOwn("bridge", ""));
        try {
            network.bridge.run("ip", "link", "add", "bridge", "type", "bridge");
            network.bridge.run("ip", "link", "set", "bridge", "up");
            String here = "pg" + ProcessHandle.current().pid();
            Tools.run(List.of("ip", "link", "add", here, "type", "veth", "peer", "name", "here", "netns",
                    Long.toString(network.bridge.pid())));
            network.bridge.run("ip", "link", "set", "here", "master", "bridge", "up");
            Tools.run(List.of("ip", "addr", "add", network.address(254) + "/24", "dev", here));
            Tools.run(List.of("ip", "link", "set", here, "up"));
            return network;
        } catch (IOException e) {
            network.close();
            throw e;
        }
    }

    private String address(int host) {
        return ADDRESS.formatted(net, host);
    }

    /** One more. */
    public Host host(String name) throws IOException {
        int number = hosts.size() + 1;
        Host host = Host.ofItsOwn(name, address(number));
        hosts.add(host);
        String port = "port" + number;
        bridge.run("ip", "link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", Long.toString(host.pid()));
        bridge.run("ip", "link", "set", port, "master", "bridge", "up");
        host.run("ip", "link", "set", "lo", "up");
        host.run("ip", "addr", "add", host.address() + "/24", "dev", "eth0");
        host.run("ip", "link", "set", "eth0", "up");
        return host;
    }

    /** From now on nothing that one sends reaches the other; the other direction stays. */
    public void cut(Host from, Host to) throws IOException {
        cuts.add(List.of(from, to));
        from.run("ip", "neigh", "replace", to.address(), "lladdr", NOBODY, "dev", "eth0", "nud", "permanent");
    }

    /** Ends a cut if there is one; connections that are left go on. */
    public void mend(Host from, Host to) throws IOException {
        if (cuts.remove(List.of(from, to))) {
            from.run("ip", "neigh", "del", to.address(), "dev", "eth0");
        }
    }

    /** From now on what the host sends passes at so many kilobits a second, and what waits for longer than half a second is dropped. */
    public void slow(Host host, int kilobits) throws IOException {
        slowed.add(host);
        host.run("tc", "qdisc", "replace", "dev", "eth0", "root", "tbf", "rate", kilobits + "kbit", "burst", "32kbit", "latency", "500ms");
    }

    public void unslow(Host host) throws IOException {
        if (slowed.remove(host)) {
            host.run("tc", "qdisc", "del", "dev", "eth0", "root");
        }
    }

    @Override
    public void close() {
        hosts.forEach(Host::close);
        bridge.close();
    }
}
