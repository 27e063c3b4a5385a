package dev.promptgate.service.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.service.settings.HttpSettings;
import dev.promptgate.service.settings.SettingsCatalogue;
import dev.promptgate.service.settings.SettingsSources;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ServiceProcessTest {
    private static final int CODE = 3;

    /** A service that breaks by itself. */
    static final class Broken {
        public static void main(String[] args) throws InterruptedException {
            try (ServiceHost host = new ServiceHost(new SettingsCatalogue(HttpSettings.ALL.all(), List.of(), key -> true)
                    .resolve(SettingsSources.of(Map.of("http.port", "0"))))) {
                host.fail(new IllegalStateException("broken"));
                ServiceProcess.end(host, Duration.ofMinutes(2)).get();
            } catch (ExecutionException e) {
                ServiceProcess.exit(CODE);
            }
        }
    }

    @Test
    void aServiceThatBreaksExitsWithItsCodeAndDoesNotWaitForItself() throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), Broken.class.getName()).inheritIO().start();
        try {
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it still runs");
            assertEquals(CODE, process.exitValue());
        } finally {
            process.destroyForcibly();
        }
    }
}
