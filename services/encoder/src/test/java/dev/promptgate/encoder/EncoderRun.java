package dev.promptgate.encoder;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.encoder.config.EncoderSettings;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.messaging.topic.TopicProvisioner;
import dev.promptgate.messaging.topic.TopicSpec;
import dev.promptgate.references.ReferenceSettings;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.service.settings.HttpSettings;
import dev.promptgate.service.settings.ImageSettings;
import dev.promptgate.service.settings.KafkaSettings;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.Setting;
import dev.promptgate.service.settings.SettingsCatalogue;
import dev.promptgate.service.settings.SettingsSources;
import dev.promptgate.service.settings.SettingsValues;
import dev.promptgate.testing.TestBroker;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.GroupState;

/** Topics of its own on the broker, and encoders that work on them. */
final class EncoderRun {
    private static final int PARTITIONS = 2;
    final KafkaClients clients;
    final TopicNames topics;
    private final ClipModel model;

    EncoderRun(TestBroker broker, ClipModel model) throws Exception {
        this.model = model;
        Map<String, String> properties = new HashMap<>(TestBroker.CLIENT_PROPERTIES);
        properties.put("heartbeat.interval.ms", "200"); // members learn of a rebalance by a heartbeat
        clients = new KafkaClients(broker.bootstrapServers(), properties, 1 << 21);
        topics = new TopicNames(broker.uniquePrefix());
        try (Admin admin = Admin.create(clients.admin())) {
            new TopicProvisioner(admin).provision(TopicSpec.all(topics, PARTITIONS, (short) 1, 1 << 20), true);
        }
    }

    ServiceHost start(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.putIfAbsent("http.port", "0");
        List<Setting<?>> known = Stream
                .of(KafkaSettings.ALL.all(), ImageSettings.ALL.all(), PromptSettings.ALL.all(), HttpSettings.ALL.all(),
                        EncoderSettings.ALL.all(), ReferenceSettings.ALL.all())
                .<Setting<?>>flatMap(List::stream).toList();
        SettingsValues values = new SettingsCatalogue(known, List.of(), key -> true).resolve(SettingsSources.of(all));
        ServiceHost host = new ServiceHost(values);
        host.start(() -> new EncoderVerticle(values, clients, topics, model, host)).await();
        return host;
    }

    /** Whether one encoder is in the group and has all partitions: no rebalance is under way. */
    boolean isOneMembers() throws Exception {
        String group = topics.prefix() + EncoderSettings.GROUP.defaultValue();
        try (Admin admin = Admin.create(clients.admin())) {
            ConsumerGroupDescription described = admin.describeConsumerGroups(List.of(group)).describedGroups().get(group).get();
            return described.groupState() == GroupState.STABLE && described.members().size() == 1
                    && described.members().iterator().next().assignment().topicPartitions().size() == PARTITIONS;
        }
    }

    KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(new HashMap<>(clients.producer()));
    }

    List<ConsumerRecord<byte[], byte[]>> features() {
        return read(topics.imageFeatures());
    }

    List<ConsumerRecord<byte[], byte[]>> rejected() {
        return read(topics.rejectedImages());
    }

    private List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        try (TopicLog log = new TopicLog(clients)) {
            return log.read(topic);
        }
    }
}
