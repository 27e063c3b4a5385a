package dev.promptgate.clip.hub;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The proxies that {@code HTTPS_PROXY}, {@code HTTP_PROXY} and {@code ALL_PROXY} name, except for the hosts of {@code NO_PROXY}; in either
 * case of letters. Without them Java's own properties hold ({@code https.proxyHost}). Their users and passwords are never shown.
 *
 * @param ofScheme by {@code http} and {@code https}
 */
public record Proxies(Map<String, URI> ofScheme, List<String> except) {
    private static final int DEFAULT_PORT = 80;
    /** Java does not send a user and password to a proxy of https unless this property is empty. */
    private static final String TUNNELS = "jdk.http.auth.tunneling.disabledSchemes";

    static Proxies of(Map<String, String> environment) {
        Map<String, URI> ofScheme = new HashMap<>();
        for (String scheme : List.of("http", "https")) {
            String name = scheme + "_proxy";
            HubOptions.first(environment, name, name.toUpperCase(Locale.ROOT), "all_proxy", "ALL_PROXY")
                    .map(value -> HubOptions.address(name.toUpperCase(Locale.ROOT), value.contains("://") ? value : "http://" + value))
                    .ifPresent(proxy -> ofScheme.put(scheme, proxy));
        }
        if (ofScheme.values().stream().anyMatch(proxy -> proxy.getUserInfo() != null) && System.getProperty(TUNNELS) == null) {
            System.setProperty(TUNNELS, "");
        }
        List<String> except = Arrays.stream(HubOptions.first(environment, "no_proxy", "NO_PROXY").orElse("").split("[,\\s]+"))
                .filter(host -> !host.isEmpty()).map(host -> host.toLowerCase(Locale.ROOT)).toList();
        return new Proxies(ofScheme, except);
    }

    HttpURLConnection connect(URI address) throws IOException {
        URI proxy = ofScheme.get(address.getScheme());
        if (proxy == null) {
            return (HttpURLConnection) address.toURL().openConnection();
        }
        if (isExcepted(address.getHost().toLowerCase(Locale.ROOT))) {
            return (HttpURLConnection) address.toURL().openConnection(Proxy.NO_PROXY);
        }
        HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection(new Proxy(Proxy.Type.HTTP,
                new InetSocketAddress(proxy.getHost(), proxy.getPort() < 0 ? DEFAULT_PORT : proxy.getPort())));
        Optional.ofNullable(proxy.getUserInfo()).ifPresent(user -> connection.setRequestProperty("Proxy-Authorization",
                "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8))));
        return connection;
    }

    private boolean isExcepted(String host) {
        return except.stream().map(name -> name.replaceAll("^\\*?\\.", "").replaceAll(":\\d+$", ""))
                .anyMatch(name -> name.equals("*") || host.equals(name) || host.endsWith("." + name));
    }

    @Override
    public String toString() {
        return "Proxies[except: %s]".formatted(except);
    }
}
