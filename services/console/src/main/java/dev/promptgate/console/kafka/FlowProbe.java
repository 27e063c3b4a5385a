package dev.promptgate.console.kafka;

import dev.promptgate.console.config.Source;
import dev.promptgate.console.state.FlowSample;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.topic.TopicNames;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** Asks the brokers how many records the topics have and how far the services are. Does not block; used on one context. */
public final class FlowProbe implements AutoCloseable {
    /** A sample that comes late is of no use. */
    private static final Map<String, Object> IMPATIENT = Map.of(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, "10000",
            CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, "5000");

    /**
     * A service of the flow.
     *
     * @param group whose committed offsets tell how far it is
     * @param isTransactional whether the topic is written in transactions: the offset behind its last record is the transaction's end then
     */
    public record Reader(String name, String group, String topic, boolean isTransactional) {}

    private final Admin admin;
    private final Context context;
    private final TopicNames topics;
    private final List<Reader> readers;

    /** Opens an admin client of its own. */
    public FlowProbe(KafkaClients clients, TopicNames topics, List<Reader> readers, Context context) {
        Map<String, Object> config = clients.admin();
        config.putAll(IMPATIENT);
        admin = Admin.create(config);
        this.topics = topics;
        this.readers = readers;
        this.context = context;
    }

    /** How the flow stands; {@code counted} has the topics whose records are counted as they are read. */
    public Future<FlowSample> sample(Map<Source, FlowSample.Topic> counted) {
        List<String> asked = List.of(topics.labelledImages(), topics.imageFeatures());
        return of(admin.describeTopics(asked).allTopicNames()).compose(found -> {
            List<TopicPartition> partitions = found.values().stream()
                    .flatMap(topic -> topic.partitions().stream().map(p -> new TopicPartition(topic.name(), p.partition()))).toList();
            Future<Map<TopicPartition, Long>> begins = offsets(partitions, OffsetSpec.earliest());
            Future<Map<TopicPartition, Long>> ends = offsets(partitions, OffsetSpec.latest());
            Future<List<OptionalLong>> lags = begins.compose(first -> ends.compose(end -> lags(first, end)));
            return Future.all(ends, lags).map(done -> sample(ends.result(), lags.result(), counted));
        });
    }

    private FlowSample sample(Map<TopicPartition, Long> ends, List<OptionalLong> lags, Map<Source, FlowSample.Topic> counted) {
        List<FlowSample.Topic> rows = new ArrayList<>(List.of(
                new FlowSample.Topic("labelled-images", sum(ends, topics.labelledImages()), true),
                new FlowSample.Topic("image-features", sum(ends, topics.imageFeatures()), false)));
        for (Source source : List.of(Source.REJECTED_IMAGES, Source.PROMPT_CANDIDATES, Source.PROMPT_ROLLOUTS, Source.EVALUATION_REPORTS,
                Source.GATE_COMMANDS)) {
            rows.add(counted.get(source));
        }
        List<FlowSample.Service> services = new ArrayList<>();
        for (int i = 0; i < readers.size(); i++) {
            services.add(new FlowSample.Service(readers.get(i).name(), lags.get(i)));
        }
        return new FlowSample(System.currentTimeMillis(), rows, services);
    }

    private static long sum(Map<TopicPartition, Long> offsets, String topic) {
        return offsets.entrySet().stream().filter(e -> e.getKey().topic().equals(topic)).mapToLong(Map.Entry::getValue).sum();
    }

    private Future<Map<TopicPartition, Long>> offsets(List<TopicPartition> partitions, OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> asked = partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> spec));
        return of(admin.listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED)).all()).map(found -> {
            Map<TopicPartition, Long> offsets = new HashMap<>();
            found.forEach((TopicPartition partition, ListOffsetsResultInfo info) -> offsets.put(partition, info.offset()));
            return offsets;
        });
    }

    private Future<List<OptionalLong>> lags(Map<TopicPartition, Long> begins, Map<TopicPartition, Long> ends) {
        var result = admin.listConsumerGroupOffsets(
                readers.stream().collect(Collectors.toMap(Reader::group, reader -> new ListConsumerGroupOffsetsSpec())));
        List<Future<OptionalLong>> lags = new ArrayList<>();
        for (Reader reader : readers) {
            lags.add(of(result.partitionsToOffsetAndMetadata(reader.group())).map(committed -> lag(reader, committed, begins, ends))
                    .otherwise(OptionalLong.empty()));
        }
        return Future.all(lags).map(done -> done.list());
    }

    /** Unknown while the group has committed nothing: nobody can tell a service that waits from one that is not there. */
    private static OptionalLong lag(Reader reader, Map<TopicPartition, OffsetAndMetadata> committed, Map<TopicPartition, Long> begins,
            Map<TopicPartition, Long> ends) {
        if (committed.keySet().stream().noneMatch(partition -> partition.topic().equals(reader.topic()))) {
            return OptionalLong.empty();
        }
        long lag = 0;
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            if (end.getKey().topic().equals(reader.topic())) {
                OffsetAndMetadata offset = committed.get(end.getKey());
                long behind = end.getValue() - Math.max(begins.get(end.getKey()), offset == null ? 0 : offset.offset());
                lag += reader.isTransactional() && behind == 1 ? 0 : Math.max(0, behind);
            }
        }
        return OptionalLong.of(lag);
    }

    private <T> Future<T> of(KafkaFuture<T> future) {
        return Future.fromCompletionStage(future.toCompletionStage(), context);
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
