package dev.promptgate.clip.hub;

import dev.promptgate.clip.failure.ModelException;
import dev.promptgate.clip.textfile.TextFile;
import dev.promptgate.clip.textfile.TextFile.UnreadableTextException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where models are downloaded from and kept.
 *
 * @param hub Hugging Face's, or a mirror of it
 * @param openAi where OpenAI's archives lie
 * @param hubCache Hugging Face's own cache, which is only read
 * @param token is sent to the hub's address only, never logged
 * @param firstWait before a failed request is tried again; doubles with each
 */
public record HubOptions(URI hub, URI openAi, Path cache, Path hubCache, boolean isOffline, Optional<String> token, Proxies proxies,
        Duration firstWait) {
    public static final URI HUGGING_FACE = URI.create("https://huggingface.co");

    private static final int MOST_TOKEN_BYTES = 64 << 10;
    private static final URI OPENAI = URI.create("https://openaipublic.azureedge.net/clip/models");
    private static final Set<String> TRUE = Set.of("1", "ON", "YES", "TRUE"); // as huggingface_hub reads it

    /**
     * As Hugging Face's own library reads the environment: {@code HF_ENDPOINT}, {@code HF_HOME}, {@code HF_HUB_CACHE},
     * {@code HF_HUB_OFFLINE}, {@code HF_TOKEN} or its file, and the variables of {@link Proxies}.
     *
     * @param hub goes before the environment's; empty for none
     * @throws ModelException if a variable cannot be used
     */
    public static HubOptions of(Map<String, String> environment, String hub, Path cache) {
        Path home = first(environment, "HF_HOME").map(value -> expanded(environment, "HF_HOME", value))
                .orElseGet(() -> caches(environment).orElse(cache).resolve("huggingface"));
        Path hubCache = first(environment, "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE")
                .map(value -> expanded(environment, "HF_HUB_CACHE", value))
                .orElse(home.resolve("hub"));
        URI address = hub.isEmpty() ? first(environment, "HF_ENDPOINT").map(value -> address("HF_ENDPOINT", value)).orElse(HUGGING_FACE)
                : address("model.hub", hub);
        boolean isOffline = first(environment, "HF_HUB_OFFLINE").filter(value -> TRUE.contains(value.toUpperCase(Locale.ROOT))).isPresent();
        Path tokenFile = first(environment, "HF_TOKEN_PATH").map(value -> expanded(environment, "HF_TOKEN_PATH", value))
                .orElse(home.resolve("token"));
        return new HubOptions(address, OPENAI, cache, hubCache, isOffline, token(environment, tokenFile), Proxies.of(environment),
                Duration.ofSeconds(1));
    }

    /** The token, and users and passwords of proxies: what no log may show. */
    public List<String> secrets() {
        return Stream.concat(token.stream(), proxies.ofScheme().values().stream().map(URI::getRawUserInfo).filter(Objects::nonNull))
                .toList();
    }

    /** Where caches lie: Hugging Face's is only read, so that none need be there. */
    private static Optional<Path> caches(Map<String, String> environment) {
        return first(environment, "XDG_CACHE_HOME").map(Path::of)
                .or(() -> HomeDirectory.of(environment).map(home -> Path.of(home, ".cache")));
    }

    /** Where no shell did it: in files of variables, such as Docker's. */
    private static Path expanded(Map<String, String> environment, String variable, String path) {
        return HomeDirectory.expand(environment, path).orElseThrow(() -> new ModelException(
                "There is no home directory; set HOME, or give %s without ~ [%s: %s]".formatted(variable, variable, path)));
    }

    private static Optional<String> token(Map<String, String> environment, Path file) {
        Optional<String> token = first(environment, "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN").or(() -> {
            try {
                return Files.isRegularFile(file)
                        ? Optional.of(TextFile.read(file, MOST_TOKEN_BYTES).strip()).filter(text -> !text.isEmpty())
                        : Optional.empty();
            } catch (UnreadableTextException e) {
                throw new ModelException("The hub's token cannot be read: " + e.getMessage(), e);
            }
        });
        if (token.isPresent() && !token.get().matches("[\\x21-\\x7e]+")) {
            throw new ModelException("The hub's token must be one word of plain characters; set HF_TOKEN anew, or mend its file [file: "
                    + file + "]");
        }
        return token;
    }

    /** The first of the variables that is set and not blank. */
    static Optional<String> first(Map<String, String> environment, String... names) {
        for (String name : names) {
            String value = environment.get(name);
            if (value != null && !value.isBlank()) {
                return Optional.of(value.strip());
            }
        }
        return Optional.empty();
    }

    /** An address of http or https, without a slash at its end. */
    static URI address(String name, String value) {
        try {
            URI address = URI.create(value.replaceAll("/+$", ""));
            if (address.getHost() != null && Set.of("http", "https").contains(String.valueOf(address.getScheme()))) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            // told below, without the value's user and password
        }
        throw new ModelException("%s must be an address like https://huggingface.co".formatted(name));
    }

    @Override
    public String toString() {
        return "HubOptions[hub: %s, cache: %s]".formatted(hub, cache);
    }
}
