package dev.promptgate.evaluator;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.evaluator.config.EvaluatorMeters;
import dev.promptgate.evaluator.config.EvaluatorSettings;
import dev.promptgate.evaluator.input.InputOrder;
import dev.promptgate.evaluator.input.InputOrder.Input;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.record.PromptKey;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.messaging.transaction.CheckpointedWriter;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.service.kafka.Catchup;
import dev.promptgate.service.kafka.RecordLoop;
import dev.promptgate.service.settings.SettingsValues;
import dev.promptgate.service.settings.TrustSettings;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves features, candidates and commands to the {@link Gatekeeper}. Reads the partitions itself, without a group: on start the gatekeeper
 * is as the last report left it, and the features before that are replayed to it. The gatekeeper works on a worker; reading goes on
 * meanwhile up to a bound.
 */
public final class EvaluatorVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(EvaluatorVerticle.class);
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(50);
    private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(10);
    /** How long a record waits for earlier ones of other topics; a commit takes a few milliseconds, on a busy machine some more. */
    private static final long SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final int MAX_WAITING = 5_000;

    private final EvaluatorSettings settings;
    private final GatekeeperStart.Means means;
    private final TopicNames topics;
    private final PromptKey key;
    private final Consumer<Throwable> onFailure;
    private final InputOrder order = new InputOrder(SLACK_NANOS);
    private final Map<Input, TopicPartition> partitions = new EnumMap<>(Input.class);
    private final Catchup catchup = new Catchup("The evaluator");
    private List<TopicPartition> live;
    private WorkerExecutor worker;
    private RecordLoop loop;
    private CheckpointedWriter writer;
    private GatekeeperStart start;
    private long lastRecordNanos = System.nanoTime();
    private boolean paused;

    /** The model is the caller's and must outlive it; the host is told when the evaluator cannot go on. */
    public EvaluatorVerticle(SettingsValues values, KafkaClients clients, TopicNames topics, ClipModel model, ServiceHost host) {
        settings = new EvaluatorSettings(values);
        this.topics = topics;
        means = new GatekeeperStart.Means(clients, topics, model, GatekeeperStart.EvaluatorTrust.of(new TrustSettings(values)),
                new EvaluatorMeters(host.registry(), settings.prompt()));
        key = new PromptKey(settings.prompt());
        onFailure = host::fail;
        host.readiness().register("evaluator-caught-up", catchup::isDone, catchup::detail);
    }

    @Override
    public Future<?> start() {
        worker = vertx.createSharedWorkerExecutor("promptgate-evaluator", 1, 10, TimeUnit.MINUTES);
        loop = new RecordLoop(vertx, means.clients().consumer(), means.meters().registry());
        partitions.put(Input.FEATURES, new TopicPartition(topics.imageFeatures(), 0));
        partitions.put(Input.CANDIDATES, new TopicPartition(topics.promptCandidates(), 0));
        partitions.put(Input.COMMANDS, new TopicPartition(topics.gateCommands(), 0));
        writer = new CheckpointedWriter(means.clients(), settings.writerName(topics.prefix()), partitions.get(Input.FEATURES),
                TRANSACTION_TIMEOUT);
        return worker.executeBlocking(() -> {
            writer.open(); // fences an earlier evaluator of this prompt
            return GatekeeperStart.read(settings, means, writer);
        }).compose(read -> {
            start = read;
            live = start.live().all().stream().map(topic -> new TopicPartition(topic, 0)).toList();
            Map<TopicPartition, Long> offsets = new HashMap<>();
            offsets.put(start.features(), start.begin());
            live.forEach(partition -> offsets.put(partition, start.ends().get(partition)));
            for (Input input : List.of(Input.CANDIDATES, Input.COMMANDS)) {
                offsets.put(partitions.get(input), start.ends().get(partitions.get(input)));
                start.pending().get(input).forEach(record -> order.add(input, record, System.nanoTime()));
            }
            return loop.assign(offsets);
        }).onSuccess(done -> {
            catchup.begin(start.begin(), start.end());
            LOG.info("Takes up the gate at offset {}; {} feature records to read again", start.replayBefore(), start.end() - start.begin());
            loop.start(POLL_TIMEOUT, this::onRecords, onFailure);
        });
    }

    private Future<Void> onRecords(RecordLoop.Polled polled) {
        long now = System.nanoTime();
        List<ConsumerRecord<byte[], byte[]>> replay = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : polled.records()) {
            if (start.live().all().contains(record.topic())) {
                start.live().take(record);
            } else if (record.topic().equals(topics.imageFeatures())) {
                if (record.offset() < start.replayBefore()) {
                    replay.add(record);
                } else {
                    order.add(Input.FEATURES, record, now);
                }
            } else if (key.isOf(record)) {
                order.add(record.topic().equals(topics.promptCandidates()) ? Input.CANDIDATES : Input.COMMANDS, record, now);
            }
        }
        if (!polled.records().isEmpty()) {
            lastRecordNanos = now;
        }
        partitions.forEach((input, partition) -> order.atEnd(input, polled.isAtEnd(partition)));
        // The position, not the last record: compaction may have taken the record before it.
        return backPressure().compose(done -> loop.position(start.features())).compose(position -> worker.executeBlocking(() -> {
            replay.forEach(start.gatekeeper()::replay);
            takeInWhatIsSure();
            if (order.size() == 0 && position >= Math.max(start.replayBefore(), start.end())) {
                idle(live.stream().allMatch(polled::isAtEnd));
            }
            start.gatekeeper().show();
            return position;
        })).map(position -> {
            report(position, polled.lag(partitions.values()));
            return null;
        });
    }

    private Future<Void> backPressure() {
        Set<TopicPartition> features = Set.of(start.features());
        if (!paused && order.size(Input.FEATURES) >= MAX_WAITING) {
            paused = true;
            return loop.pause(features);
        } else if (paused && order.size(Input.FEATURES) <= MAX_WAITING / 2) {
            paused = false;
            return loop.resume(features);
        }
        return Future.succeededFuture();
    }

    private void takeInWhatIsSure() {
        Gatekeeper gatekeeper = start.gatekeeper();
        for (Optional<InputOrder.Event> next = order.poll(System.nanoTime()); next.isPresent(); next = order.poll(System.nanoTime())) {
            ConsumerRecord<byte[], byte[]> record = next.get().record();
            switch (next.get().input()) {
                case FEATURES -> gatekeeper.feature(record);
                case CANDIDATES -> gatekeeper.candidate(record);
                case COMMANDS -> gatekeeper.command(record, System.currentTimeMillis());
            }
            if (gatekeeper.changesSinceMeasurement() >= settings.get(EvaluatorSettings.MEASURE_EVERY)) {
                gatekeeper.measure();
            }
        }
    }

    /** What the gate does once everything that was read is taken in. On the worker. */
    private void idle(boolean isLiveRead) {
        Gatekeeper gatekeeper = start.gatekeeper();
        gatekeeper.idle(System.currentTimeMillis());
        if (isLiveRead) {
            gatekeeper.guard(start.live());
        }
        if (System.nanoTime() - lastRecordNanos >= settings.get(EvaluatorSettings.IDLE_TIME).toNanos()) {
            gatekeeper.measure();
        }
    }

    private void report(long position, long lag) {
        if (order.size() == 0) {
            catchup.reached(position, true);
        }
        means.meters().reading(catchup.fraction(), lag + order.size());
    }

    /** Lets the judgement in hand finish, then closes. */
    @Override
    public Future<?> stop() {
        return loop.close().eventually(() -> worker.executeBlocking(() -> {
            writer.close();
            return null;
        })).eventually(worker::close);
    }
}
