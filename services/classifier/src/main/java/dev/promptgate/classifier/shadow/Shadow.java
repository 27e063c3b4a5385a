package dev.promptgate.classifier.shadow;

import dev.promptgate.classifier.answer.Classification;
import dev.promptgate.classifier.config.ClassifierMeters;
import dev.promptgate.classifier.config.ClassifierSettings;
import dev.promptgate.classifier.prompt.LabelRanker;
import dev.promptgate.classifier.prompt.LabelRanker.Label;
import dev.promptgate.classifier.prompt.PromptClassifier;
import dev.promptgate.follower.LivePrompt;
import dev.promptgate.follower.PromptFollower;
import dev.promptgate.follower.PromptFollower.PromptListener;
import dev.promptgate.follower.PromptSource;
import dev.promptgate.follower.RefusedPromptException;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.record.PromptKey;
import dev.promptgate.messaging.report.ShadowReport;
import io.micrometer.core.instrument.Counter;
import java.util.HashMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shadow mode: asks the newest candidate, which it follows, about the images that the live prompt has just answered, on a thread of its
 * own and when there is time: what does not fit its short queue is dropped and counted. Its answers go nowhere but into meters and
 * {@code shadow-reports}. A report that cannot be written is told in the log, and lost: it decides nothing. Any thread observes; whoever
 * opens it closes it.
 */
public final class Shadow implements PromptListener, Classification.Observer, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Shadow.class);
    private static final int QUEUE = 256;
    private static final long CLOSE_SECONDS = 5;

    private record Answered(float[] feature, PromptClassifier live, Label best) {}

    private final String prompt;
    private final String model;
    private final String topic;
    private final Function<LivePrompt, PromptClassifier> prepare;
    private final Producer<byte[], byte[]> producer;
    private final ClassifierMeters meters;
    private final Counter agrees;
    private final Counter differs;
    private final Counter droppedMeter;
    private final AtomicReference<Double> agreement;
    private final AtomicReference<Double> version;
    private final AtomicReference<PromptClassifier> candidate = new AtomicReference<>();
    private final BlockingQueue<Answered> queue = new ArrayBlockingQueue<>(QUEUE);
    private final AtomicLong dropped = new AtomicLong();
    private final ScheduledExecutorService thread;
    private final PromptFollower follower;
    private ShadowTally tally = new ShadowTally(0, 0);
    private ShadowTally since = tally;
    private LabelRanker amongLive;
    private long from = System.currentTimeMillis();

    /** Begins to follow the candidates; {@code prepare} makes one ready to answer, on the follower's thread. Blocking. */
    public Shadow(ClassifierSettings settings, KafkaClients clients, PromptSource candidates, String reportTopic, String model,
            Function<LivePrompt, PromptClassifier> prepare, ClassifierMeters meters) {
        prompt = settings.prompt();
        this.model = model;
        topic = reportTopic;
        this.prepare = prepare;
        this.meters = meters;
        agrees = meters.counter(ClassifierMeters.SHADOW_IMAGES, "true");
        differs = meters.counter(ClassifierMeters.SHADOW_IMAGES, "false");
        droppedMeter = meters.counter(ClassifierMeters.SHADOW_DROPPED);
        agreement = meters.gauge(ClassifierMeters.SHADOW_AGREEMENT);
        version = meters.gauge(ClassifierMeters.SHADOW_VERSION);
        thread = new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "promptgate-classifier-shadow"));
        producer = new KafkaProducer<>(new HashMap<>(clients.producer()));
        long interval = settings.values().get(ClassifierSettings.SHADOW_INTERVAL).toMillis();
        thread.scheduleWithFixedDelay(this::report, interval, interval, TimeUnit.MILLISECONDS);
        follower = new PromptFollower(candidates).onChange(this).start();
    }

    @Override
    public void onPrompt(LivePrompt newest) {
        candidate.set(newest.version() == 0 ? null : prepare.apply(newest));
        version.set(newest.version() == 0 ? Double.NaN : newest.version());
    }

    @Override
    public void onRefused(RefusedPromptException why) {
        meters.increment(ClassifierMeters.REFUSED, why.refusal());
    }

    @Override
    public void answered(float[] feature, PromptClassifier live, Label best) {
        PromptClassifier newest = candidate.get();
        if (newest == null || newest.version() <= live.version()) {
            return; // it was judged already
        }
        if (!queue.offer(new Answered(feature, live, best))) {
            dropped.incrementAndGet();
            droppedMeter.increment();
            return;
        }
        thread.execute(this::compare);
    }

    private void compare() {
        Answered next = queue.poll();
        PromptClassifier newest = candidate.get();
        if (next == null || newest == null) {
            return;
        }
        try {
            compare(next, newest);
        } catch (RuntimeException e) {
            LOG.error("The candidate could not answer [version: {}]", newest.version(), e);
        }
    }

    private void compare(Answered next, PromptClassifier newest) {
        if (!since.isOf(next.live().version(), newest.version())) {
            report();
            since = new ShadowTally(next.live().version(), newest.version());
            tally = since.restarted();
            amongLive = newest.among(next.live().own().classes());
        }
        String theirs = newest.own().rank(next.feature(), 1).get(0).name();
        String theirsAmongLive = amongLive.rank(next.feature(), 1).get(0).name();
        (next.best().name().equals(theirs) ? agrees : differs).increment();
        since.add(next.best().name(), theirs, theirsAmongLive);
        tally.add(next.best().name(), theirs, theirsAmongLive);
        agreement.set(since.agreement());
    }

    private void report() {
        long now = System.currentTimeMillis();
        if (tally.images() > 0) {
            write(tally.report(prompt, model, from, now, dropped.getAndSet(0)));
            tally = tally.restarted();
        }
        from = now;
    }

    private void write(ShadowReport report) {
        producer.send(new ProducerRecord<>(topic, new PromptKey(prompt).bytes(), report.encode()), (written, failure) -> {
            if (failure != null) {
                LOG.warn("A report of the shadow mode is lost [topic: {}, candidate: {}, images: {}, cause: {}]", topic,
                        report.asked().candidateVersion(), report.tally().images(), failure.toString());
            }
        });
    }

    /** Reports what there is. Blocking. */
    @Override
    public void close() {
        follower.close();
        try {
            thread.execute(this::report);
            thread.shutdown();
            thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close();
    }
}
