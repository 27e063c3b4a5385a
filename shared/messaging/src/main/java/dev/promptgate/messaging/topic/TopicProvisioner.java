package dev.promptgate.messaging.topic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Creates missing topics and checks those that exist; never changes one. Refused are another cleanup policy or timestamp type, several
 * partitions where there must be one, too small a record limit and too short a compaction lag; how long records are kept is the operator's
 * choice. Blocking: not for an event loop.
 */
public final class TopicProvisioner {
    private static final Set<String> AT_LEAST = Set.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG);

    private static final Duration KNOWN_WITHIN = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(20);

    private final Admin admin;

    /** Uses, but does not close, the admin client. */
    public TopicProvisioner(Admin admin) {
        this.admin = admin;
    }

    /**
     * The state of each topic, missing ones being created first if wished.
     *
     * @throws ExecutionException if the brokers refuse or cannot be reached
     */
    public List<TopicState> provision(List<TopicSpec> specs, boolean create) throws ExecutionException, InterruptedException {
        Set<String> existing = admin.listTopics().names().get();
        Set<String> created = create ? create(specs.stream().filter(spec -> !existing.contains(spec.name())).toList()) : Set.of();
        List<TopicSpec> present = specs.stream().filter(spec -> create || existing.contains(spec.name())).toList();
        Map<String, TopicState> found = checkOnceKnown(present, created);
        return specs.stream().map(spec -> found.getOrDefault(spec.name(),
                new TopicState(spec, false, 0, List.of("it does not exist; create it with: promptgate topics")))).toList();
    }

    /** The names of those that were created; another process may have been faster with the others. */
    private Set<String> create(List<TopicSpec> missing) throws ExecutionException, InterruptedException {
        Map<String, KafkaFuture<Void>> creations = admin.createTopics(missing.stream().map(spec -> {
            Map<String, String> configs = new HashMap<>(spec.configs());
            configs.put(TopicConfig.CLEANUP_POLICY_CONFIG, spec.cleanupPolicy());
            return new NewTopic(spec.name(), spec.partitions(), spec.replication()).configs(configs);
        }).toList()).values();
        Set<String> created = new HashSet<>();
        for (Map.Entry<String, KafkaFuture<Void>> creation : creations.entrySet()) {
            try {
                creation.getValue().get();
                created.add(creation.getKey());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
        return created;
    }

    /** Brokers learn of new topics a moment after the controller, and say until then that there is none. */
    private Map<String, TopicState> checkOnceKnown(List<TopicSpec> present, Set<String> created)
            throws ExecutionException, InterruptedException {
        for (long deadline = System.nanoTime() + KNOWN_WITHIN.toNanos();;) {
            try {
                return check(present, created);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException) || System.nanoTime() > deadline) {
                    throw e;
                }
                Thread.sleep(POLL.toMillis());
            }
        }
    }

    private Map<String, TopicState> check(List<TopicSpec> present, Set<String> created) throws ExecutionException, InterruptedException {
        Map<String, TopicDescription> descriptions = admin.describeTopics(present.stream().map(TopicSpec::name).toList()).allTopicNames()
                .get();
        Map<ConfigResource, Config> configs = admin.describeConfigs(present.stream().map(TopicProvisioner::resource).toList()).all().get();
        return present.stream().collect(Collectors.toMap(TopicSpec::name, spec -> {
            int partitions = descriptions.get(spec.name()).partitions().size();
            return new TopicState(spec, created.contains(spec.name()), partitions, mismatches(spec, partitions,
                    configs.get(resource(spec))));
        }));
    }

    private static List<String> mismatches(TopicSpec spec, int partitions, Config config) {
        List<String> mismatches = new ArrayList<>();
        String policy = config.get(TopicConfig.CLEANUP_POLICY_CONFIG).value();
        if (!policy.equals(spec.cleanupPolicy())) {
            mismatches.add("cleanup.policy must be %s; alter the topic [found: %s]".formatted(spec.cleanupPolicy(), policy));
        }
        if (spec.singlePartition() && partitions != 1) {
            mismatches.add(
                    "it must have one partition, its records are ordered; delete and create it again [found: %d]".formatted(partitions));
        }
        spec.configs().forEach((key, wanted) -> {
            String found = config.get(key).value();
            if (key.equals(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG) && !found.equals(wanted)) {
                mismatches.add("%s must be %s; alter the topic [found: %s]".formatted(key, wanted, found));
            }
            if (AT_LEAST.contains(key) && Long.parseLong(found) < Long.parseLong(wanted)) {
                mismatches.add("%s must be at least %s; alter the topic [found: %s]".formatted(key, wanted, found));
            }
        });
        return mismatches;
    }

    private static ConfigResource resource(TopicSpec spec) {
        return new ConfigResource(ConfigResource.Type.TOPIC, spec.name());
    }

    /**
     * What was found of a topic; it has 0 partitions if it does not exist. Mismatches contradict the specification, each a sentence with
     * its remedy.
     */
    public record TopicState(TopicSpec spec, boolean created, int partitions, List<String> mismatches) {
        /** Whether the topic can be used. */
        public boolean isUsable() {
            return mismatches.isEmpty();
        }
    }
}
