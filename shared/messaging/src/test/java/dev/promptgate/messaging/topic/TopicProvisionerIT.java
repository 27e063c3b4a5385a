package dev.promptgate.messaging.topic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.messaging.topic.TopicProvisioner.TopicState;
import dev.promptgate.testing.BrokerTest;
import dev.promptgate.testing.TestBroker;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ForwardingAdmin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.ListTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@BrokerTest
@Tag("broker-semantics")
class TopicProvisionerIT {
    private final TestBroker broker;

    TopicProvisionerIT(TestBroker broker) {
        this.broker = broker;
    }

    @Test
    void createsWhatIsMissingAndThenFindsItRight() throws Exception {
        List<TopicSpec> specs = TopicSpec.all(new TopicNames(broker.uniquePrefix()), 2, (short) 1, 1 << 20);
        try (Admin admin = admin()) {
            TopicProvisioner provisioner = new TopicProvisioner(admin);
            assertTrue(provisioner.provision(specs, false).stream().noneMatch(TopicState::isUsable));
            assertTrue(provisioner.provision(specs, true).stream().allMatch(TopicState::created));
            assertTrue(provisioner.provision(specs, false).stream().allMatch(TopicState::isUsable));
            List<TopicState> again = provisioner.provision(specs, true);
            assertTrue(again.stream().allMatch(state -> state.isUsable() && !state.created()));
            assertEquals(List.of(2, 1, 1, 1, 1, 1, 1, 1, 1, 2), again.stream().map(TopicState::partitions).toList());
        }
    }

    @Test
    void refusesAWrongCleanupPolicyAndTooManyPartitions() throws Exception {
        assertRefused(admin());
    }

    /** It was there only after it had been looked for: another process was faster, or the broker that was asked knew less. */
    @Test
    void refusesOneThatAnotherHasJustMade() throws Exception {
        assertRefused(new ForwardingAdmin(config()) {
            private final ListTopicsResult atFirst = super.listTopics(new ListTopicsOptions());

            @Override
            public ListTopicsResult listTopics(ListTopicsOptions options) {
                return atFirst;
            }
        });
    }

    private void assertRefused(Admin asked) throws Exception {
        TopicNames names = new TopicNames(broker.uniquePrefix());
        try (Admin admin = asked) {
            admin.listTopics().names().get();
            admin.createTopics(List.of(new NewTopic(names.promptRollouts(), 3, (short) 1).configs(Map.of("cleanup.policy", "delete"))))
                    .all().get();
            TopicState rollouts = new TopicProvisioner(admin).provision(TopicSpec.all(names, 1, (short) 1, 1 << 20), true).stream()
                    .filter(state -> state.spec().name().equals(names.promptRollouts())).findFirst().orElseThrow();
            assertFalse(rollouts.isUsable() || rollouts.created());
            assertEquals(2, rollouts.mismatches().size(), rollouts.mismatches().toString());
            assertTrue(rollouts.mismatches().get(0).contains("compact"), rollouts.mismatches().toString());
        }
    }

    private Admin admin() {
        return Admin.create(config());
    }

    private Map<String, Object> config() {
        return Map.of("bootstrap.servers", broker.bootstrapServers());
    }
}
