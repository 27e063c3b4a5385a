package dev.promptgate.console.kafka;

import dev.promptgate.console.config.Source;
import dev.promptgate.console.state.ConsoleState;
import dev.promptgate.console.state.FlowSample;
import dev.promptgate.console.state.Section;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.service.kafka.Catchup;
import dev.promptgate.service.kafka.RecordLoop;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * Reads the page's topics with one consumer, without a group, and keeps the {@link ConsoleState}, which it alone touches, on a worker
 * thread of its own. Its methods are called on the verticle's context.
 */
public final class TopicFeed {
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(250);
    /** Rejections carry whole images; the next one comes with the next fetch. */
    private static final Map<String, String> SMALL_FETCHES = Map.of(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, Integer.toString(8 << 20),
            ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Integer.toString(1 << 20));

    private final TopicNames topics;
    private final ConsoleState state;
    private final Intake intake;
    private final Catchup catchup;
    private final Consumer<Map<Section, String>> publish;
    private final WorkerExecutor worker;
    private final KafkaClients clients;
    private final RecordLoop loop;
    private final Consumer<Throwable> onFailure;
    private FeedStart start;

    /** {@code publish} gets the sections that changed, on the context; {@code onFailure} is told when reading has ended. */
    public TopicFeed(Vertx vertx, KafkaClients clients, TopicNames topics, Intake intake, RecordLoop.Observers observers, Catchup catchup,
            Consumer<Map<Section, String>> publish, Consumer<Throwable> onFailure) {
        this.topics = topics;
        this.intake = intake;
        state = intake.state();
        this.catchup = catchup;
        this.publish = publish;
        this.clients = clients;
        this.onFailure = onFailure;
        worker = vertx.createSharedWorkerExecutor("promptgate-console-state", 1, 1, TimeUnit.MINUTES);
        Map<String, String> config = new HashMap<>(clients.consumer());
        config.putAll(SMALL_FETCHES);
        loop = new RecordLoop(vertx, config, observers);
    }

    /** Publishes the sections, empty as they are, and begins to read. */
    public Future<Void> start() {
        return worker.executeBlocking(() -> {
            try (TopicLog log = new TopicLog(clients)) {
                start = FeedStart.find(log, topics);
            }
            return state.takeChanged();
        }).onSuccess(publish::accept).compose(done -> loop.assign(start.begins())).onSuccess(done -> {
            catchup.begin(0, start.total());
            loop.start(POLL_TIMEOUT, this::onRecords, onFailure);
        });
    }

    private Future<Void> onRecords(RecordLoop.Polled polled) {
        if (polled.records().isEmpty() && catchup.isDone()) {
            return Future.succeededFuture();
        }
        Future<Long> read = catchup.isDone() ? Future.succeededFuture(start.total()) : loop.positions().map(start::done);
        return read.compose(offsets -> worker.executeBlocking(() -> {
            polled.records().forEach(intake::take);
            catchup.reached(offsets, true);
            return catchup.isDone() ? state.takeChanged() : Map.<Section, String>of();
        })).onSuccess(publish::accept).mapEmpty();
    }

    /** Records of the page's topics so far. */
    public Future<Map<Source, FlowSample.Topic>> counted() {
        return worker.executeBlocking(() -> {
            Map<Source, FlowSample.Topic> counted = new EnumMap<>(Source.class);
            intake.counts().forEach((source, count) -> counted.put(source, new FlowSample.Topic(source.topic(new TopicNames("")),
                    start.skipped().get(source) + count, start.skipped().get(source) == 0)));
            return counted;
        });
    }

    /** Takes in how the flow stands, and publishes it. */
    public Future<Void> flow(FlowSample sample) {
        return worker.executeBlocking(() -> {
            state.flow(sample);
            return state.takeChanged();
        }).onSuccess(publish::accept).mapEmpty();
    }

    /** The images whose answer a candidate changed, by the offset of the verdict's report. */
    public Future<Optional<String>> changedImages(long verdict) {
        return worker.executeBlocking(() -> state.changedImages(verdict));
    }

    public Future<Void> stop() {
        return loop.close().eventually(worker::close);
    }
}
