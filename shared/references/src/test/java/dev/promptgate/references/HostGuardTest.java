package dev.promptgate.references;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.promptgate.messaging.record.ImageReference;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import dev.promptgate.messaging.record.RejectionCode;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attempts to have the encoder ask where it must not. */
class HostGuardTest {
    private static final FetchLimits LIMITS = FetchLimits.of(1024, Duration.ofSeconds(5));
    private static final AllowedHosts HOSTS = AllowedHosts.parse("images.example.org");

    @ParameterizedTest
    @ValueSource(strings = {"http://images.example.org/1.jpg", "ftp://images.example.org/1.jpg", "gopher://images.example.org/",
            "https://other.example.org/", "https://images.example.org:22/", "https://images.example.org./", "https://localhost/",
            "https://127.0.0.1/", "https://0x7f.1/", "https://0177.0.0.1/", "https://2130706433/", "https://127.1/", "https://[::1]/",
            "https://[::ffff:127.0.0.1]/", "https://169.254.169.254/latest/meta-data/", "https://user:s3cr3t@images.example.org/",
            "https://images.example.org@127.0.0.1/", "https://127.0.0.1#@images.example.org/", "https://images.example.org%2e/",
            "https://images.example.org%00.evil.net/", "https:///1.jpg", "https://images_example.org/"})
    void isRefusedWithoutLookingAnythingUp(String uri) {
        HostGuard guard = new HostGuard(HOSTS, any -> true, (host, limits) -> {
            throw new AssertionError("looked up " + host);
        });
        InvalidRecordException refused = assertThrows(InvalidRecordException.class, () -> guard.check(reference(uri), LIMITS));
        assertEquals(RejectionCode.REFERENCE_REFUSED, refused.code());
        assertFalse(refused.getMessage().contains("s3cr3t"), refused.getMessage());
    }

    @Test
    void aListedNameOfAPrivateAddressIsRefused() {
        HostGuard guard = new HostGuard(HOSTS, PublicAddresses::contain, (host, limits) -> new InetAddress[] {address("10.1.2.3")});
        assertCode(RejectionCode.REFERENCE_REFUSED, guard);
    }

    @Test
    void onePrivateAddressAmongPublicOnesIsEnoughToRefuse() {
        HostGuard guard = new HostGuard(HOSTS, PublicAddresses::contain,
                (host, limits) -> new InetAddress[] {address("8.8.8.8"), address("169.254.169.254")});
        assertCode(RejectionCode.REFERENCE_REFUSED, guard);
    }

    @Test
    void aNameIsLookedUpOnceForACheckAndItsAddressHandedOut() throws Exception {
        Deque<String> rebinding = new ArrayDeque<>(List.of("8.8.8.8", "127.0.0.1"));
        HostGuard guard = new HostGuard(HOSTS, PublicAddresses::contain, (host, limits) -> new InetAddress[] {address(rebinding.remove())});
        assertEquals("8.8.8.8", guard.check(reference("https://images.example.org/1.jpg?s=1"), LIMITS).getHostAddress());
        assertEquals(1, rebinding.size());
        assertCode(RejectionCode.REFERENCE_REFUSED, guard); // the next check sees the other address
    }

    private static void assertCode(RejectionCode code, HostGuard guard) {
        assertEquals(code, assertThrows(InvalidRecordException.class,
                () -> guard.check(reference("https://images.example.org/1.jpg"), LIMITS)).code());
    }

    private static InetAddress address(String text) throws java.io.IOException {
        return InetAddress.getByName(text);
    }

    private static ImageReference reference(String uri) {
        return new ImageReference(URI.create(uri), OptionalLong.empty(), Optional.empty());
    }
}
