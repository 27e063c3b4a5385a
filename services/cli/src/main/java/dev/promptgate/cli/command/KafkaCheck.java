package dev.promptgate.cli.command;

import dev.promptgate.messaging.topic.TopicProvisioner;
import dev.promptgate.messaging.topic.TopicProvisioner.TopicState;
import dev.promptgate.messaging.topic.TopicSpec;
import dev.promptgate.service.settings.KafkaSettings;
import dev.promptgate.service.settings.SettingsValues;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks now and then, while a service runs, whether Kafka answers and the topics are as they must be, and says so when that changes: a
 * client that waits for a broker or a topic says nothing by itself, and goes on when it is there again. A thread of its own; whoever starts
 * it closes it.
 */
final class KafkaCheck implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaCheck.class);
    private static final Duration EVERY = Duration.ofSeconds(5);
    /** Much less than a client's minute: a line that comes late is of no use. */
    private static final Map<String, Object> IMPATIENT = Map.of(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, "10000",
            CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, "5000");

    private final List<TopicSpec> specs;
    private final String bootstrapServers;
    private final Admin admin;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread daemon = new Thread(task, "promptgate-kafka-check");
        daemon.setDaemon(true);
        return daemon;
    });
    private Set<String> before = Set.of();

    private KafkaCheck(SettingsValues values) {
        bootstrapServers = values.get(KafkaSettings.BOOTSTRAP_SERVERS);
        specs = TopicsCommand.specs(values);
        Map<String, Object> config = CommonOptions.clients(values).admin();
        config.putAll(IMPATIENT);
        admin = KafkaFailure.creating(() -> Admin.create(config));
    }

    static KafkaCheck start(SettingsValues values) {
        KafkaCheck check = new KafkaCheck(values);
        check.thread.scheduleWithFixedDelay(check::checkNow, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
        return check;
    }

    private void checkNow() {
        Set<String> now = new TreeSet<>();
        try {
            new TopicProvisioner(admin).provision(specs, false).stream().filter(state -> !state.isUsable()).map(KafkaCheck::problem)
                    .forEach(now::add);
        } catch (ExecutionException | RuntimeException e) { // whatever it is, the next look must come
            now.add(KafkaFailure.explain(e, "bootstrap servers: " + bootstrapServers));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closing
            return;
        }
        now.stream().filter(line -> !before.contains(line)).forEach(line -> LOG.warn("{}; goes on by itself once that is put right", line));
        if (now.isEmpty() && !before.isEmpty()) {
            LOG.info("Kafka answers and the topics are as they must be again");
        }
        before = now;
    }

    static String problem(TopicState state) {
        return "Topic %s: %s".formatted(state.spec().name(), String.join("; ", state.mismatches()));
    }

    @Override
    public void close() {
        thread.shutdownNow();
        admin.close(Duration.ZERO);
    }
}
