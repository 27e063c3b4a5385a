package dev.promptgate.references;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.service.settings.InvalidSettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the lists of hosts and folders allow. */
class ReferenceSettingsTest {
    @Test
    void nothingIsAllowedUnlessListed() {
        ReferenceSettings settings = SettingsOf.of(Map.of());
        assertFalse(settings.hosts().allows("images.example.org", 443));
        assertEquals(List.of(), settings.fileRoots());
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

    private static AllowedHosts hosts(String list) {
        return SettingsOf.of(Map.of("references.hosts", list)).hosts();
    }
}
