package dev.promptgate.embeddedkafka;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How the embedded broker's listener for clients is secured. The broker's own listeners stay plaintext, on loopback.
 *
 * @param protocol {@code PLAINTEXT}, {@code SSL}, {@code SASL_PLAINTEXT} or {@code SASL_SSL}
 * @param properties the listener's properties as Kafka names them, without a listener prefix: {@code ssl.keystore.location},
 *     {@code sasl.enabled.mechanisms}, {@code plain.sasl.jaas.config} …
 * @param scramUsers passwords by user, for SCRAM-SHA-256; written when the directory is formatted, so they count on a new one only
 */
public record ListenerSecurity(String protocol, Map<String, String> properties, Map<String, String> scramUsers) {
    private static final String PLAIN_MODULE = "org.apache.kafka.common.security.plain.PlainLoginModule";
    private static final String SCRAM_MODULE = "org.apache.kafka.common.security.scram.ScramLoginModule";
    private static final String SCRAM = "SCRAM-SHA-256";
    static final String CONTROLLER = "CONTROLLER";
    private static final String INTERNAL = "INTERNAL";

    public ListenerSecurity {
        properties = Map.copyOf(properties);
        scramUsers = Map.copyOf(scramUsers);
    }

    public static ListenerSecurity none() {
        return new ListenerSecurity("PLAINTEXT", Map.of(), Map.of());
    }

    /**
     * TLS by a PKCS12 keystore, and SASL with PLAIN and SCRAM-SHA-256 for the same user: letters and digits, a password without quotes and
     * commas.
     */
    public static ListenerSecurity saslOverTls(String user, String password, String keystore, String keystorePassword) {
        return new ListenerSecurity("SASL_SSL", Map.of(
                "ssl.keystore.location", keystore, "ssl.keystore.password", keystorePassword, "ssl.keystore.type", "PKCS12",
                "sasl.enabled.mechanisms", "PLAIN," + SCRAM,
                "plain.sasl.jaas.config", "%s required user_%s=\"%s\";".formatted(PLAIN_MODULE, user, password),
                "scram-sha-256.sasl.jaas.config", SCRAM_MODULE + " required;"), Map.of(user, password));
    }

    List<String> scramArguments() {
        return scramUsers.entrySet().stream().map(user -> "%s=[name=%s,password=%s]".formatted(SCRAM, user.getKey(), user.getValue()))
                .toList();
    }

    /** Broker properties of all listeners, on one host: for clients, the controller, and, where clients' is secured, the broker itself. */
    Map<String, String> listeners(String host, int port) {
        String clients = protocol; // the listener's name, too
        boolean isPlaintext = protocol.equals("PLAINTEXT");
        int controllerPort = EmbeddedKafka.freePort();
        // A broker talks to itself, too; it would need credentials of its own on a secured listener.
        String address = "%s://%s:%d".formatted(clients, host, port);
        String broker = isPlaintext ? address : "%s,%s://%s:%d".formatted(address, INTERNAL, host, EmbeddedKafka.freePort());
        Map<String, String> p = new HashMap<>();
        p.put("controller.quorum.voters", "1@%s:%d".formatted(host, controllerPort));
        p.put("controller.listener.names", CONTROLLER);
        p.put("listeners", "%s,%s://%s:%d".formatted(broker, CONTROLLER, host, controllerPort));
        p.put("advertised.listeners", broker);
        p.put("inter.broker.listener.name", isPlaintext ? clients : INTERNAL);
        p.put("listener.security.protocol.map",
                "%s:%s,%s:PLAINTEXT,%s:PLAINTEXT".formatted(clients, protocol, INTERNAL, CONTROLLER));
        properties.forEach((name, value) -> p.put("listener.name.%s.%s".formatted(clients.toLowerCase(Locale.ROOT), name), value));
        return p;
    }

    @Override
    public String toString() {
        return "ListenerSecurity[protocol: " + protocol + "]";
    }
}
