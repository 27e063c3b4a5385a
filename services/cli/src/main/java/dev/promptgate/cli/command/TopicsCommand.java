package dev.promptgate.cli.command;

import dev.promptgate.messaging.topic.TopicProvisioner;
import dev.promptgate.messaging.topic.TopicProvisioner.TopicState;
import dev.promptgate.messaging.topic.TopicSpec;
import dev.promptgate.service.settings.KafkaSettings;
import dev.promptgate.service.settings.SettingsValues;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "topics", mixinStandardHelpOptions = true, description = "Creates the topics that are missing and checks the others: a "
        + "wrong cleanup policy or number of partitions is refused, nothing is altered.", footer = {
                "", "Example: promptgate topics --bootstrap-servers kafka:9092 --set topics.partitions=12 --set topics.replication=3"})
public final class TopicsCommand extends PromptgateCommand {
    @Option(names = "--check", description = "only check, create nothing")
    private boolean check;

    @Override
    public Integer call() throws Exception {
        List<TopicState> states = provision(common.resolve(), !check);
        for (TopicState state : states) {
            out().printf("%-28s %-8s %3d partition(s)  %s%n", state.spec().name(), state.spec().cleanupPolicy(), state.partitions(),
                    state.created() ? "created" : state.isUsable() ? "ok" : String.join("; ", state.mismatches()));
        }
        return states.stream().allMatch(TopicState::isUsable) ? 0 : 1;
    }

    /** The topics' state, missing ones created if wished. */
    public static List<TopicState> provision(SettingsValues values, boolean create) throws InterruptedException {
        try (Admin admin = KafkaFailure.creating(() -> Admin.create(CommonOptions.clients(values).admin()))) {
            return new TopicProvisioner(admin).provision(specs(values), create);
        } catch (ExecutionException | KafkaException e) {
            throw new IllegalStateException(KafkaFailure.explain(e, "bootstrap servers: " + values.get(KafkaSettings.BOOTSTRAP_SERVERS)),
                    e);
        }
    }

    /** What the topics must be by the settings. */
    static List<TopicSpec> specs(SettingsValues values) {
        return TopicSpec.all(CommonOptions.topics(values), values.get(KafkaSettings.PARTITIONS),
                values.get(KafkaSettings.REPLICATION).shortValue(), values.get(KafkaSettings.MAX_IMAGE_BYTES));
    }

    /** @throws IllegalStateException naming every topic that is missing or wrong, a line each */
    static void requireUsable(SettingsValues values) throws InterruptedException {
        String problems = provision(values, false).stream().filter(state -> !state.isUsable())
                .map(KafkaCheck::problem).collect(Collectors.joining(System.lineSeparator()));
        if (!problems.isEmpty()) {
            throw new IllegalStateException(problems);
        }
    }

    /**
     * For whoever only writes to one topic, and may have no rights but those to it.
     *
     * @throws IllegalStateException if the topic is missing, may not be seen, or nobody answers
     */
    public static void requireTopic(SettingsValues values, String topic) throws InterruptedException {
        try (Admin admin = KafkaFailure.creating(() -> Admin.create(CommonOptions.clients(values).admin()))) {
            admin.describeTopics(List.of(topic)).allTopicNames().get();
        } catch (ExecutionException | KafkaException e) {
            throw new IllegalStateException(KafkaFailure.explain(e, "topic: " + topic, "bootstrap servers: " + values.get(
                    KafkaSettings.BOOTSTRAP_SERVERS)), e);
        }
    }
}
