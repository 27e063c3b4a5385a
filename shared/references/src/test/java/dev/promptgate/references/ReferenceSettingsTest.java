package dev.promptgate.references;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.service.settings.InvalidSettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the lists of hosts and folders allow. */
class ReferenceSettingsTest {
    @Test
    void nothingIsAllowedUnlessListed() {
        ReferenceSettings settings = SettingsOf.of(Map.of());
        assertFalse(settings.hosts().allows("images.example.org", 443));
        assertEquals(List.of(), settings.fileRoots());
        assertEquals(Set.of(), settings.s3Buckets());
    }

    @Test
    void aListedHostIsAllowedOnItsPortAlone() {
        AllowedHosts hosts = hosts("images.example.org, cdn.example.net:8443");
        assertTrue(hosts.allows("images.example.org", 443));
        assertTrue(hosts.allows("IMAGES.Example.Org", 443));
        assertTrue(hosts.allows("cdn.example.net", 8443));
        assertFalse(hosts.allows("images.example.org", 8443));
        assertFalse(hosts.allows("cdn.example.net", 443));
        assertFalse(hosts.allows("images.example.org.", 443), "a trailing dot");
        assertFalse(hosts.allows("images.example.org.evil.net", 443));
        assertFalse(hosts.allows("evil-images.example.org", 443));
    }

    @Test
    void aStarStandsForEveryNameBelow() {
        AllowedHosts hosts = hosts("*.example.org");
        assertTrue(hosts.allows("a.example.org", 443));
        assertTrue(hosts.allows("a.b.example.org", 443));
        assertFalse(hosts.allows("example.org", 443));
        assertFalse(hosts.allows("badexample.org", 443));
        assertFalse(hosts.allows("a.example.org", 80));
    }

    @Test
    void whatIsNoHostOrFolderIsRefused() {
        for (String host : new String[] {"*", "*.", "https://a.org", "a.org/path", "a b.org", "user@a.org", "a.org:", "Ä.org", "[::1]",
                "*.*.org", "a..org", "-a.org", "A.org"}) {
            assertThrows(InvalidSettingsException.class, () -> hosts(host), host);
        }
        assertThrows(InvalidSettingsException.class, () -> SettingsOf.of(Map.of("references.file-roots", "/data,relative")));
        for (String bucket : new String[] {"s3://photos", "photos/animals", "photos,Photos", "*", "photos.*", "192.168.0.1"}) {
            assertThrows(InvalidSettingsException.class, () -> SettingsOf.of(Map.of("references.s3-buckets", bucket)), bucket);
        }
        assertThrows(InvalidSettingsException.class, () -> SettingsOf.of(Map.of("references.timeout", "0s")));
    }

    @Test
    void aFileWithoutCertificatesIsRefusedAtTheStart(@TempDir Path folder) throws IOException {
        Path empty = Files.createFile(folder.resolve("empty.pem"));
        Path text = Files.writeString(folder.resolve("text.pem"), "no certificate");
        for (Path file : List.of(empty, text, folder.resolve("missing.pem"), folder)) {
            ReferenceSettings settings = SettingsOf.of(Map.of("references.trust-certificates", file.toString()));
            assertThrows(InvalidSettingsException.class, settings::authorities, file.toString());
        }
        assertTrue(SettingsOf.of(Map.of()).authorities().isEmpty());
    }

    @Test
    void s3IsSetUpOnlyWhereBucketsAreListed() {
        Map<String, String> half = Map.of("s3.access-key-id", "tester");
        assertTrue(S3Source.of(SettingsOf.of(half)).store().isEmpty());
        Map<String, String> listed = new HashMap<>(half);
        listed.put("references.s3-buckets", "photos, more-photos");
        assertThrows(InvalidSettingsException.class, () -> S3Source.of(SettingsOf.of(listed)));
        listed.put("s3.secret-access-key", "hush-hush");
        try (S3Source source = S3Source.of(SettingsOf.of(listed))) {
            assertEquals(Set.of("photos", "more-photos"), source.buckets());
            assertTrue(source.store().isPresent());
        }
    }

    private static AllowedHosts hosts(String list) {
        return SettingsOf.of(Map.of("references.hosts", list)).hosts();
    }
}
