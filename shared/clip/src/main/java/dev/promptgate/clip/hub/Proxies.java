package dev.promptgate.clip.hub;

import java.io.IOException;
import java.net.Authenticator;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.URI;
import java.net.URL;
import java.util.Arrays;
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
        if (System.getProperty(TUNNELS) == null) { // whether it is wanted or not: Java reads it once, with the first connection
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
        if (isExcepted(address.toURL())) {
            return (HttpURLConnection) address.toURL().openConnection(Proxy.NO_PROXY);
        }
        HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection(new Proxy(Proxy.Type.HTTP,
                new InetSocketAddress(proxy.getHost(), proxy.getPort() < 0 ? DEFAULT_PORT : proxy.getPort())));
        // Not as a header: with https that would go to the server, through the tunnel, and not to the proxy.
        Optional.ofNullable(proxy.getUserInfo()).ifPresent(user -> connection.setAuthenticator(new User(user)));
        return connection;
    }

    /** Gives the user and password to the proxy alone, never to a server. */
    private static final class User extends Authenticator {
        private final String[] nameAndPassword;

        User(String info) {
            nameAndPassword = info.split(":", 2);
        }

        @Override
        protected PasswordAuthentication getPasswordAuthentication() {
            return getRequestorType() != RequestorType.PROXY ? null
                    : new PasswordAuthentication(nameAndPassword[0],
                            nameAndPassword.length < 2 ? new char[0] : nameAndPassword[1].toCharArray());
        }
    }

    private boolean isExcepted(URL address) {
        String host = address.getHost().toLowerCase(Locale.ROOT);
        String port = ":" + (address.getPort() < 0 ? address.getDefaultPort() : address.getPort());
        return except.stream().map(name -> name.replaceAll("^\\*?\\.", "")).map(name -> name.endsWith(port)
                ? name.substring(0, name.length() - port.length()) : name)
                .anyMatch(name -> name.equals("*") || host.equals(name) || host.endsWith("." + name));
    }

    @Override
    public String toString() {
        return "Proxies[except: %s]".formatted(except);
    }
}
