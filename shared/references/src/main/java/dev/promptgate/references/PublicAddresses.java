package dev.promptgate.references;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which addresses are of the public Internet, by IANA's registries of special-purpose addresses (RFC 6890). Of IPv6 only global unicast
 * (2000::/3) is, which leaves out this machine, links, private networks (fc00::/7), multicast, and IPv4 in IPv6's clothes (mapped,
 * compatible, NAT64). Java itself makes an IPv4 address of a mapped one.
 */
final class PublicAddresses {
    private record Prefix(byte[] network, int bits) {
        static Prefix parse(String text) {
            String[] parts = text.split("/");
            try {
                return new Prefix(InetAddress.getByName(parts[0]).getAddress(), Integer.parseInt(parts[1])); // an address, not looked up
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException(text, e);
            }
        }

        boolean holds(byte[] address) {
            if (address.length != network.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> bit % 8;
                if ((address[bit / 8] & mask) != (network[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    private static final int IPV4_BYTES = 4;
    private static final Prefix GLOBAL_UNICAST = Prefix.parse("2000::/3");
    private static final List<Prefix> SPECIAL = Stream
            .of("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
                    "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
                    "224.0.0.0/4", "240.0.0.0/4",
                    // protocol assignments with Teredo, documentation, 6to4, which carries IPv4
                    "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
            .map(Prefix::parse).toList();

    private PublicAddresses() {}

    static boolean contain(InetAddress address) {
        byte[] bytes = address.getAddress();
        return (bytes.length == IPV4_BYTES || GLOBAL_UNICAST.holds(bytes)) && SPECIAL.stream().noneMatch(prefix -> prefix.holds(bytes));
    }
}
