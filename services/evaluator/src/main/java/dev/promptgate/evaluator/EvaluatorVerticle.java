package dev.promptgate.evaluator;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.evaluator.config.EvaluatorMeters;
import dev.promptgate.evaluator.config.EvaluatorSettings;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.messaging.transaction.CheckpointedWriter;
import dev.promptgate.service.host.Activity;
import dev.promptgate.service.host.ServiceHost;
import dev.promptgate.service.kafka.Catchup;
import dev.promptgate.service.kafka.RecordLoop;
import dev.promptgate.service.settings.SettingsValues;
import dev.promptgate.service.settings.TrustSettings;
import io.micrometer.core.instrument.Clock;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves features, candidates and commands to the {@link EvaluatorIntake}. Reads the partitions itself, without a group: on start the
 * gatekeeper is as the last report left it, and the features before that are replayed to it. The gatekeeper works on a worker; reading goes
 * on meanwhile up to a bound.
 */
public final class EvaluatorVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(EvaluatorVerticle.class);
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(50);
    private static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);
    private static final long JUST_NOW_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int MAX_WAITING = 5_000;
    /** So long an evaluator whose place another has taken may go unnoticed, when it has nothing to write. */
    private static final long CONFIRM_MILLIS = 60_000;

    private final EvaluatorSettings settings;
    private final KafkaClients clients;
    private final GatekeeperStart.Means means;
    private final TopicNames topics;
    private final Consumer<Throwable> onFailure;
    private final Activity activity;
    private final Catchup catchup = new Catchup("The evaluator");
    private WorkerExecutor worker;
    private RecordLoop loop;
    private CheckpointedWriter writer;
    private GatekeeperStart start;
    private EvaluatorIntake intake;
    private boolean wasAtEnd;
    private long polledNanos;
    private boolean isClockNamed;
    private long confirming = -1;
    private boolean paused;

    /** The model is the caller's and must outlive it; the host is told when the evaluator cannot go on. */
    public EvaluatorVerticle(SettingsValues values, KafkaClients clients, TopicNames topics, ClipModel model, ServiceHost host) {
        settings = new EvaluatorSettings(values);
        this.clients = clients;
        this.topics = topics;
        means = new GatekeeperStart.Means(() -> new TopicLog(clients), topics, model,
                GatekeeperStart.EvaluatorTrust.of(new TrustSettings(values)), new EvaluatorMeters(host.registry(), settings.prompt()),
                Clock.SYSTEM);
        onFailure = host::fail;
        activity = host.watchdog().activity("evaluator");
        host.readiness().register("evaluator-caught-up", catchup::isDone, catchup::detail);
    }

    @Override
    public Future<?> start() {
        worker = vertx.createSharedWorkerExecutor("promptgate-evaluator", 1, 10, TimeUnit.MINUTES);
        loop = new RecordLoop(vertx, clients.consumer(), new RecordLoop.Observers(means.meters().registry(), activity));
        writer = new CheckpointedWriter(clients, settings.writerName(topics.prefix()), new TopicPartition(topics.imageFeatures(), 0),
                TRANSACTION_TIMEOUT);
        return worker.executeBlocking(() -> {
            writer.onAttempt(activity::goesOn);
            writer.open(); // fences an earlier evaluator of this prompt
            return GatekeeperStart.read(settings, means, writer);
        }).compose(read -> {
            start = read;
            intake = new EvaluatorIntake(settings, means, start, POLL_TIMEOUT);
            intake.onStep(activity::steps);
            return loop.assign(intake.offsets());
        }).onSuccess(done -> {
            catchup.begin(start.begin(), start.end());
            LOG.info("Takes up the gate at offset {}; {} feature records to read again", start.replayBefore(), start.end() - start.begin());
            loop.start(POLL_TIMEOUT, this::onRecords, onFailure);
            confirming = vertx.setPeriodic(CONFIRM_MILLIS,
                    id -> worker.executeBlocking(Executors.callable(writer::confirm)).onFailure(onFailure::accept));
        });
    }

    private Future<Void> onRecords(RecordLoop.Polled polled) {
        intake.add(polled.records(), polled::isAtEnd);
        compareClocks(polled, means.clock().monotonicTime());
        return backPressure().compose(done -> loop.position(start.features())).compose(position -> worker.executeBlocking(() -> {
            intake.takeIn(position);
            return position;
        })).map(position -> {
            report(position, polled.lag(intake.inputs()));
            return null;
        });
    }

    /** A record that comes a moment after all before it were read was written just now, or when its transaction began. */
    private void compareClocks(RecordLoop.Polled polled, long now) {
        TopicPartition features = start.features();
        if (wasAtEnd && now - polledNanos < JUST_NOW_NANOS) {
            polled.records().records(features).stream().findFirst().ifPresent(record -> {
                Duration ahead = Duration.ofMillis(means.clock().wallTime() - record.timestamp());
                means.meters().clockAhead(ahead.toMillis() / 1000.0);
                boolean isWrong = ahead.abs().compareTo(CLOCKS_DIFFER) > 0;
                if (isWrong && !isClockNamed) {
                    LOG.warn("This machine's clock and the broker's differ; set the wrong one right: records may be refused for their "
                            + "time [ahead: {} s, here: {}, broker: {}]", ahead.toSeconds(), Instant.now(),
                            Instant.ofEpochMilli(record.timestamp()));
                }
                isClockNamed = isWrong;
            });
        }
        wasAtEnd = polled.isAtEnd(features);
        polledNanos = now;
    }

    private Future<Void> backPressure() {
        Set<TopicPartition> features = Set.of(start.features());
        if (!paused && intake.waitingFeatures() >= MAX_WAITING) {
            paused = true;
            return loop.pause(features);
        } else if (paused && intake.waitingFeatures() <= MAX_WAITING / 2) {
            paused = false;
            return loop.resume(features);
        }
        return Future.succeededFuture();
    }

    private void report(long position, long lag) {
        if (intake.waiting() == 0) {
            catchup.reached(position, true);
        }
        means.meters().reading(catchup.fraction(), lag + intake.waiting());
    }

    /** Lets the judgement in hand finish, then closes. */
    @Override
    public Future<?> stop() {
        vertx.cancelTimer(confirming);
        return loop.close().eventually(() -> worker.executeBlocking(() -> {
            writer.close();
            return null;
        })).eventually(worker::close);
    }
}
