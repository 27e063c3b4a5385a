package dev.promptgate.messaging.client;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;

/**
 * Which properties of Kafka clients are secret: those that Kafka itself declares as passwords, and, of the texts and of what Kafka does not
 * know (login modules and callback handlers take properties of their own), those whose names look secret.
 */
final class SecretProperties {
    private static final Map<String, ConfigDef.Type> KNOWN = known();

    private static final Pattern LOOKS_SECRET = Pattern.compile(
            "pass(word|wd|phrase)|secret|jaas|credential|token|assertion|(private|api|access|encryption)[._-]?key|(^|[._-])key$"
                    + "|user[._-]?info");

    /** Texts whose names look secret and which are public: to hide them would hide what one needs to see when a login fails. */
    private static final Set<String> PUBLIC = Set.of("sasl.oauthbearer.token.endpoint.url", "sasl.oauthbearer.client.credentials.client.id",
            "sasl.oauthbearer.assertion.algorithm", "sasl.oauthbearer.assertion.claim.aud", "sasl.oauthbearer.assertion.claim.iss",
            "sasl.oauthbearer.assertion.claim.sub");

    private SecretProperties() {}

    static boolean contain(String name) {
        String property = name.toLowerCase(Locale.ROOT);
        ConfigDef.Type type = KNOWN.getOrDefault(property, ConfigDef.Type.STRING);
        return type == ConfigDef.Type.PASSWORD
                || type == ConfigDef.Type.STRING && !PUBLIC.contains(property) && LOOKS_SECRET.matcher(property).find();
    }

    private static Map<String, ConfigDef.Type> known() {
        Map<String, ConfigDef.Type> types = new HashMap<>();
        for (ConfigDef definition : List.of(ConsumerConfig.configDef(), ProducerConfig.configDef(), AdminClientConfig.configDef())) {
            definition.configKeys().forEach((name, key) -> types.put(name, key.type));
        }
        return Map.copyOf(types);
    }
}
