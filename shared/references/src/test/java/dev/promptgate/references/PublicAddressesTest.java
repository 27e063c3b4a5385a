package dev.promptgate.references;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublicAddressesTest {
    @ParameterizedTest(name = "{1} ({0})")
    @CsvSource({"127.0.0.1, loopback", "127.255.255.254, loopback's end", "0.0.0.0, any", "0.1.2.3, this network", "10.0.0.1, private",
            "172.16.0.1, private", "172.31.255.255, private", "192.168.1.1, private", "100.64.0.1, carrier's NAT", "100.127.255.255, NAT",
            "169.254.169.254, metadata", "169.254.0.1, link", "192.0.0.170, protocols", "192.0.2.1, documentation",
            "198.18.0.1, benchmarks", "198.51.100.1, documentation", "203.0.113.1, documentation", "192.88.99.1, 6to4 relay",
            "224.0.0.1, multicast", "239.1.2.3, multicast", "240.0.0.1, reserved", "255.255.255.255, broadcast", "::1, loopback",
            "::, any", "::ffff:127.0.0.1, mapped loopback", "::ffff:10.0.0.1, mapped private", "::127.0.0.1, compatible",
            "64:ff9b::7f00:1, NAT64 of loopback", "64:ff9b::a9fe:a9fe, NAT64 of metadata", "64:ff9b:1::1, local NAT64",
            "fc00::1, unique local", "fd00:ec2::254, metadata", "fe80::1, link", "fec0::1, site", "ff02::1, multicast",
            "2001:db8::1, documentation", "2001::1, Teredo", "2002:7f00:1::, 6to4 of loopback", "3fff::1, documentation",
            "100::1, discard", "5f00::1, segment routing"})
    void isNotPublic(String address, String what) throws UnknownHostException {
        assertEquals(false, PublicAddresses.contain(InetAddress.getByName(address)), what);
    }

    @ParameterizedTest
    @CsvSource({"8.8.8.8", "1.1.1.1", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0", "169.253.255.255", "223.255.255.255",
            "9.255.255.255", "11.0.0.0", "2606:4700:4700::1111", "2a00:1450:4001::1", "::ffff:8.8.8.8", "2001:200::1"})
    void isPublic(String address) throws UnknownHostException {
        assertEquals(true, PublicAddresses.contain(InetAddress.getByName(address)), address);
    }
}
