package dev.promptgate.clip.hub;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** Where models are downloaded from and kept; the token is sent to that address only, never logged. */
public record HubOptions(URI address, Path cache, Optional<String> token) {
    @Override
    public String toString() {
        return "HubOptions[address: %s, cache: %s]".formatted(address, cache);
    }
}
