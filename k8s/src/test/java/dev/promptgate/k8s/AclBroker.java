package dev.promptgate.k8s;

import dev.promptgate.embeddedkafka.EmbeddedKafka;
import dev.promptgate.embeddedkafka.ListenerSecurity;
import io.strimzi.api.kafka.model.user.KafkaUser;
import io.strimzi.api.kafka.model.user.KafkaUserAuthorizationSimple;
import io.strimzi.api.kafka.model.user.acl.AclResourcePatternType;
import io.strimzi.api.kafka.model.user.acl.AclRule;
import io.strimzi.api.kafka.model.user.acl.AclRuleGroupResource;
import io.strimzi.api.kafka.model.user.acl.AclRuleTopicResource;
import io.strimzi.api.kafka.model.user.acl.AclRuleTransactionalIdResource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;

/**
 * A real broker that lets a user do what his KafkaUser says, as Strimzi's user operator would have it, and nothing else. Closed by the
 * caller.
 */
final class AclBroker implements AutoCloseable {
    static final String ADMIN = "admin";

    private static final String MODULE = "org.apache.kafka.common.security.plain.PlainLoginModule required";

    private final EmbeddedKafka kafka;

    private AclBroker(EmbeddedKafka kafka) {
        this.kafka = kafka;
    }

    static AclBroker start(Path directory, List<KafkaUser> users) throws Exception {
        String logins = Stream.concat(users.stream().map(user -> user.getMetadata().getName()), Stream.of(ADMIN))
                .map(name -> " user_%s=\"%s\"".formatted(name, password(name))).collect(Collectors.joining());
        AclBroker broker = new AclBroker(EmbeddedKafka.start(directory, 0,
                new ListenerSecurity("SASL_PLAINTEXT",
                        Map.of("sasl.enabled.mechanisms", "PLAIN", "plain.sasl.jaas.config", MODULE + logins + ";"), Map.of()),
                Map.of("authorizer.class.name", StandardAuthorizer.class.getName(), "super.users", "User:ANONYMOUS;User:" + ADMIN)));
        try (Admin admin = Admin.create(Map.copyOf(broker.login(ADMIN)))) {
            admin.createAcls(users.stream().flatMap(user -> bindings(user).stream()).toList()).all().get();
        }
        return broker;
    }

    Map<String, String> login(String user) {
        return Map.of("bootstrap.servers", kafka.bootstrapServers(), "security.protocol", "SASL_PLAINTEXT", "sasl.mechanism", "PLAIN",
                "sasl.jaas.config", "%s username=\"%s\" password=\"%s\";".formatted(MODULE, user, password(user)));
    }

    private static String password(String user) {
        return "of-" + user;
    }

    private static List<AclBinding> bindings(KafkaUser user) {
        List<AclBinding> bindings = new ArrayList<>();
        for (AclRule rule : ((KafkaUserAuthorizationSimple) user.getSpec().getAuthorization()).getAcls()) {
            rule.getOperations()
                    .forEach(operation -> bindings
                            .add(new AclBinding(pattern(rule), new AccessControlEntry("User:" + user.getMetadata().getName(), "*",
                                    kafkas(operation.name()), AclPermissionType.ALLOW))));
        }
        return bindings;
    }

    /** Strimzi writes names without underscores. */
    private static AclOperation kafkas(String name) {
        return Arrays.stream(AclOperation.values()).filter(operation -> operation.name().replace("_", "").equals(name.replace("_", "")))
                .findFirst().orElseThrow();
    }

    private static ResourcePattern pattern(AclRule rule) {
        if (rule.getResource() instanceof AclRuleTopicResource topic) {
            return new ResourcePattern(ResourceType.TOPIC, topic.getName(), type(topic.getPatternType()));
        }
        if (rule.getResource() instanceof AclRuleGroupResource group) {
            return new ResourcePattern(ResourceType.GROUP, group.getName(), type(group.getPatternType()));
        }
        AclRuleTransactionalIdResource id = (AclRuleTransactionalIdResource) rule.getResource();
        return new ResourcePattern(ResourceType.TRANSACTIONAL_ID, id.getName(), type(id.getPatternType()));
    }

    private static PatternType type(AclResourcePatternType type) {
        return type == AclResourcePatternType.PREFIX ? PatternType.PREFIXED : PatternType.LITERAL;
    }

    @Override
    public void close() {
        kafka.close();
    }
}
