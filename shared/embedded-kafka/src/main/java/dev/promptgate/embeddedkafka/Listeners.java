package dev.promptgate.embeddedkafka;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * The listeners of the embedded broker, all on one host: for clients, for the controller, and, where clients' is secured, for the broker
 * itself.
 */
final class Listeners {
    static final String CONTROLLER = "CONTROLLER";

    private static final String INTERNAL = "INTERNAL";

    private Listeners() {}

    static Map<String, String> properties(String host, int port, IntSupplier freePort, ListenerSecurity security) {
        String clients = security.protocol(); // a listener's name, too
        int controllerPort = freePort.getAsInt();
        // A broker talks to itself, too; it would need credentials of its own on a secured listener.
        String address = "%s://%s:%d".formatted(clients, host, port);
        String broker = security.isPlaintext() ? address : "%s,%s://%s:%d".formatted(address, INTERNAL, host, freePort.getAsInt());
        Map<String, String> p = new HashMap<>();
        p.put("controller.quorum.voters", "1@%s:%d".formatted(host, controllerPort));
        p.put("controller.listener.names", CONTROLLER);
        p.put("listeners", "%s,%s://%s:%d".formatted(broker, CONTROLLER, host, controllerPort));
        p.put("advertised.listeners", broker);
        p.put("inter.broker.listener.name", security.isPlaintext() ? clients : INTERNAL);
        p.put("listener.security.protocol.map",
                "%s:%s,%s:PLAINTEXT,%s:PLAINTEXT".formatted(clients, security.protocol(), INTERNAL, CONTROLLER));
        security.properties()
                .forEach((name, value) -> p.put("listener.name.%s.%s".formatted(clients.toLowerCase(Locale.ROOT), name), value));
        return p;
    }
}
