package dev.promptgate.evaluator;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.Context;
import dev.promptgate.learning.snapshot.PromptSnapshot;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.InvalidRecordException;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.service.kafka.Partitions;
import dev.promptgate.service.kafka.PollLoop;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import io.vertx.kafka.client.consumer.KafkaConsumer;
import io.vertx.kafka.client.producer.KafkaProducer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves held-out features and candidates to the {@link Judge}. Reads all partitions itself, without a group: the images are in
 * image-features, the live prompt in prompt-rollouts, and what is judged in evaluation-reports. A candidate is judged when every feature
 * up to its horizon has been read, on these alone, so that a verdict depends on the topics and not on timing.
 */
public final class EvaluatorVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(EvaluatorVerticle.class);
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);

    private final EvaluatorSettings settings;
    private final KafkaClients clients;
    private final TopicNames topics;
    private final ClipModel model;
    private final EvaluatorMeters meters;
    private final Consumer<Throwable> onFailure;
    private final HeldOutSet images = new HeldOutSet();
    private final Map<Integer, Long> read = new TreeMap<>();
    private final Deque<Candidate> candidates = new ArrayDeque<>();
    private final LivePrompt live;
    private final CandidateCheck check;
    private WorkerExecutor worker;
    private KafkaConsumer<byte[], byte[]> consumer;
    private KafkaProducer<byte[], byte[]> producer;
    private Judge judge;
    private PollLoop loop;
    private List<TopicPartition> partitions = List.of();
    private long lastRecordNanos = System.nanoTime();
    private int changesSinceMeasurement;
    private volatile boolean caughtUp;

    /** @param onFailure told when the evaluator cannot go on */
    public EvaluatorVerticle(EvaluatorSettings settings, KafkaClients clients, TopicNames topics, ClipModel model, EvaluatorMeters meters,
            Consumer<Throwable> onFailure) {
        this.settings = settings;
        this.clients = clients;
        this.topics = topics;
        this.model = model;
        this.meters = meters;
        this.onFailure = onFailure;
        Context handWritten = model.textEncoder().contextFrom(settings.contextInit());
        live = new LivePrompt(handWritten);
        check = new CandidateCheck(model, handWritten);
    }

    /** Whether everything that was in the topics at the start has been read. */
    public boolean isCaughtUp() {
        return caughtUp;
    }

    @Override
    public Future<?> start() {
        worker = vertx.createSharedWorkerExecutor("promptgate-evaluator", 1, 10, TimeUnit.MINUTES);
        producer = KafkaProducer.create(vertx, clients.transactionalProducer(settings.transactionalId(topics.prefix())));
        consumer = KafkaConsumer.create(vertx, clients.consumer());
        judge = new Judge(settings, model, live, new VerdictPublisher(producer.unwrap(), topics, settings.prompt()), meters);
        loop = new PollLoop(consumer, POLL_TIMEOUT, this::onRecords, onFailure);
        return worker.executeBlocking(() -> {
            producer.unwrap().initTransactions(); // fences an earlier evaluator of this prompt
            return EvaluatorStart.read(clients, topics, settings.prompt(), model.fingerprint());
        }).compose(this::takeUp).onSuccess(done -> loop.start());
    }

    private Future<Void> takeUp(EvaluatorStart start) {
        TopicPartition candidatePartition = new TopicPartition(topics.promptCandidates(), 0);
        partitions = new ArrayList<>(start.featurePartitions());
        partitions.add(candidatePartition);
        start.live().ifPresent(snapshot -> live.rollOut(snapshot.context(), snapshot.metadata().version(), snapshot.metadata().classes()));
        meters.live(live.version(), start.liveSince());
        LOG.info("Live is version {}", live.version());
        return Partitions.assign(consumer, partitions).onSuccess(done -> {
            consumer.unwrap().seekToBeginning(start.featurePartitions());
            consumer.unwrap().seek(candidatePartition, start.nextCandidate());
        });
    }

    private Future<Void> onRecords(ConsumerRecords<byte[], byte[]> records) {
        Future<Void> refused = Future.succeededFuture();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (record.topic().equals(topics.promptCandidates())) {
                refused = refused.compose(done -> takeCandidate(record));
            } else {
                takeFeature(record);
            }
        }
        if (!records.isEmpty()) {
            lastRecordNanos = System.nanoTime();
        }
        return refused.compose(done -> judgeCandidates()).compose(done -> measure()).onSuccess(done -> {
            caughtUp |= records.isEmpty();
            int waiting = (int) candidates.stream().filter(candidate -> !candidate.isInconclusive()).count();
            meters.state(images, waiting, partitions.stream().mapToLong(partition -> consumer.unwrap().currentLag(partition).orElse(0)).sum());
        });
    }

    private void takeFeature(ConsumerRecord<byte[], byte[]> record) {
        read.put(record.partition(), record.offset() + 1);
        if (record.value() == null && record.key() != null) {
            images.remove(new String(record.key(), java.nio.charset.StandardCharsets.UTF_8));
            return;
        }
        try {
            ImageFeature feature = ImageFeature.decode(record);
            if (feature.modelFingerprint().equals(model.fingerprint())) {
                int before = images.size();
                images.put(feature, record.partition(), record.offset());
                changesSinceMeasurement += images.size() == before ? 0 : 1;
                return;
            }
        } catch (InvalidRecordException e) {
            LOG.warn("A feature record is passed over: {} [partition: {}, offset: {}]", e.getMessage(), record.partition(), record.offset());
        }
        meters.skipped();
    }

    private Future<Void> takeCandidate(ConsumerRecord<byte[], byte[]> record) {
        if (!EvaluatorStart.isFor(settings.prompt(), record)) {
            return Future.succeededFuture(); // another prompt's
        }
        try {
            PromptSnapshot snapshot = check.check(record);
            candidates.add(new Candidate(snapshot, record.offset()));
            return Future.succeededFuture();
        } catch (CandidateCheck.RefusedException e) {
            return worker.executeBlocking(() -> {
                judge.refuse(record.offset(), e);
                return null;
            });
        }
    }

    /** Judges from the oldest candidate on, as far as there are images. */
    private Future<Void> judgeCandidates() {
        Candidate candidate = candidates.peek();
        if (candidate == null || !isReadUpTo(candidate.snapshot().metadata().featureOffsets())) {
            return Future.succeededFuture();
        }
        boolean superseded = candidates.size() > 1;
        boolean overdue = candidate.ageNanos() > settings.inconclusiveDeadline().toNanos();
        if (candidate.isInconclusive() && !superseded && !overdue) {
            Map<Integer, Long> further = images.extend(candidate.horizon(), settings.recheckImages());
            if (further == null) {
                return Future.succeededFuture(); // waits for more images
            }
            candidate.extendTo(further);
        }
        List<HeldOutSet.Entry> evidence = images.before(candidate.horizon());
        return worker.executeBlocking(() -> judge.judge(candidate, evidence, superseded)).compose(isFinal -> {
            if (isFinal) {
                candidates.remove(candidate);
                changesSinceMeasurement++;
            }
            return isFinal || superseded ? judgeCandidates() : Future.succeededFuture();
        });
    }

    private boolean isReadUpTo(Map<Integer, Long> horizon) {
        // The position, not the last record: compaction may have taken the record just before the horizon.
        return partitions.stream().filter(partition -> partition.topic().equals(topics.imageFeatures()))
                .allMatch(partition -> consumer.unwrap().position(partition) >= horizon.getOrDefault(partition.partition(), 0L));
    }

    private Future<Void> measure() {
        boolean idle = System.nanoTime() - lastRecordNanos >= settings.idleTime().toNanos();
        if (images.heldOut() == 0 || changesSinceMeasurement == 0 || !idle && changesSinceMeasurement < settings.measureEvery()) {
            return Future.succeededFuture();
        }
        changesSinceMeasurement = 0;
        List<String> classes = images.labelledClasses();
        List<HeldOutSet.Entry> all = images.entries();
        Map<Integer, Long> horizon = Map.copyOf(read);
        return worker.executeBlocking(() -> {
            judge.measure(classes, all, horizon);
            return null;
        });
    }

    /** Lets the judgement in hand finish, then closes. */
    @Override
    public Future<?> stop() {
        return loop.stop().eventually(consumer::close).eventually(producer::close).eventually(worker::close);
    }
}
