package dev.promptgate.clip.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HomeDirectoryTest {
    private static final Map<String, String> HOME = Map.of("HOME", "/home/$x");

    @ParameterizedTest
    @CsvSource({"~,/home/$x", "~/a,/home/$x/a", "~a/b,~a/b", "/a/~,/a/~", "a,a"})
    void aTildeInFrontIsTheHome(String path, String expanded) {
        assertEquals(Optional.of(Path.of(expanded)), HomeDirectory.expand(HOME, path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?", ".", "home"})
    void whatIsNoDirectoryFromTheRootIsNoHome(String home) {
        assertEquals(Optional.of(System.getProperty("user.home")), HomeDirectory.of(Map.of("HOME", home)));
    }

    @Test
    void variablesOfHuggingFaceAreExpanded() {
        Map<String, String> environment = Map.of("HOME", "/home/x", "HF_HOME", "~/hf");
        assertEquals(Path.of("/home/x/hf/hub"), HubOptions.of(environment, "", Path.of("cache")).hubCache());
        assertEquals(Path.of("/home/x/.cache/huggingface/hub"), HubOptions.of(Map.of("HOME", "/home/x"), "", Path.of("c")).hubCache());
    }
}
