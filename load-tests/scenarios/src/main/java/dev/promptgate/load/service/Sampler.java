package dev.promptgate.load.service;

import dev.promptgate.load.observe.PromptTrail;
import dev.promptgate.load.observe.RunClock;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads, once an interval and on a thread of its own, the lag, memory and processor time of every watched process. What does not answer in
 * time, such as a stopped process, leaves a gap. Series are named {@code lag.encoder}, {@code heap.encoder}, {@code rss.encoder},
 * {@code cpu.encoder} and so on: records, bytes, bytes, cores in use. Closed by whoever opens it.
 */
public final class Sampler implements AutoCloseable {
    /**
     * A process whose meters and memory are sampled.
     *
     * @param name the service's
     * @param address where its metrics are; null if it has none
     * @param handle null if it runs elsewhere: its memory and time then come from its meters alone
     */
    public record Watched(String name, URI address, ProcessHandle handle) {
        /** Processor time used; NaN where it is not told. */
        double cpuSeconds() {
            return handle == null ? Double.NaN : handle.info().totalCpuDuration().map(time -> time.toNanos() / 1e9).orElse(Double.NaN);
        }

        /** Resident memory as Linux tells it; NaN where it is not told. */
        double residentBytes() {
            return handle == null ? Double.NaN : new ResidentMemory(handle).now();
        }
    }

    private static final Duration ANSWER = Duration.ofMillis(700);
    private static final String LEARNER = "learner";
    private static final String LEARNER_FEATURES = "promptgate_learner_features_total";

    private final Admin admin;
    private final String imageTopic;
    private final String encoderGroup;
    private final List<Watched> watched;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(ANSWER).build();
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "load-sampler"));
    private final Map<String, List<Double>> series = new TreeMap<>();
    private final Map<String, Double> cpuSeconds = new HashMap<>();
    private final Map<String, Scrape> newest = new HashMap<>();
    private final AtomicReference<RuntimeException> failure = new AtomicReference<>();
    private double lastAt;
    private long learnerBefore;

    /** Uses, but does not close, the admin client. */
    public Sampler(Admin admin, String imageTopic, String encoderGroup, List<Watched> watched) {
        this.admin = admin;
        this.imageTopic = imageTopic;
        this.encoderGroup = encoderGroup;
        this.watched = List.copyOf(watched);
    }

    public void start(RunClock clock, PromptTrail progress) {
        watched.forEach(process -> cpuSeconds.put(process.name(), process.cpuSeconds()));
        Scrape learner = scrapeAll().get(LEARNER);
        learnerBefore = learner == null ? 0 : (long) learner.value(LEARNER_FEATURES);
        long period = Math.round(RunClock.INTERVAL_SECONDS * 1000);
        scheduler.scheduleAtFixedRate(() -> {
            try {
                sample(clock, progress);
            } catch (RuntimeException e) {
                failure.set(e);
            }
        }, period, period, TimeUnit.MILLISECONDS);
    }

    /** @throws IllegalStateException if sampling failed otherwise than for want of an answer */
    public void check() {
        if (failure.get() != null) {
            throw new IllegalStateException("The services can no longer be sampled: " + failure.get(), failure.get());
        }
    }

    private void sample(RunClock clock, PromptTrail progress) {
        Map<String, Scrape> scrapes = scrapeAll();
        double now = clock.now();
        int interval = (int) Math.round(now / RunClock.INTERVAL_SECONDS) - 1;
        put("lag.encoder", interval, encoderLag());
        for (Watched process : watched) {
            Scrape scrape = scrapes.get(process.name());
            if (scrape != null) {
                put("heap." + process.name(), interval, scrape.value("jvm_memory_used_bytes.heap"));
                lag(process.name(), scrape, interval, now, progress);
            }
            double cpu = process.cpuSeconds();
            put("cpu." + process.name(), interval, (cpu - cpuSeconds.put(process.name(), cpu)) / (now - lastAt));
            put("rss." + process.name(), interval, process.residentBytes());
        }
        lastAt = now;
    }

    /** The encoder's is that of its group; the learner's own leaves out what it has read and not taken in, and rests during updates. */
    private void lag(String service, Scrape scrape, int interval, double now, PromptTrail progress) {
        if (service.equals(LEARNER)) {
            put("lag.learner", interval, progress.taken((long) scrape.value(LEARNER_FEATURES) - learnerBefore, now));
        } else if (!service.equals("encoder")) {
            put("lag." + service, interval, scrape.value("promptgate_" + service + "_lag"));
        }
    }

    private Map<String, Scrape> scrapeAll() {
        Map<String, CompletableFuture<String>> answers = new HashMap<>();
        for (Watched process : watched) {
            if (process.address() != null) {
                HttpRequest request = HttpRequest.newBuilder(URI.create(process.address() + "/metrics")).timeout(ANSWER).build();
                answers.put(process.name(), http.sendAsync(request, HttpResponse.BodyHandlers.ofString()).thenApply(HttpResponse::body));
            }
        }
        Map<String, Scrape> scrapes = new HashMap<>();
        answers.forEach((name, answer) -> inTime(answer).ifPresentOrElse(text -> scrapes.put(name, new Scrape(text)),
                () -> answer.cancel(true)));
        synchronized (this) {
            newest.keySet().retainAll(scrapes.keySet());
            newest.putAll(scrapes);
        }
        return scrapes;
    }

    private double encoderLag() {
        Optional<Map<TopicPartition, OffsetAndMetadata>> committed = inTime(
                admin.listConsumerGroupOffsets(encoderGroup).partitionsToOffsetAndMetadata());
        Optional<Map<TopicPartition, ListOffsetsResultInfo>> ends = inTime(
                admin.describeTopics(List.of(imageTopic)).topicNameValues().get(imageTopic))
                .flatMap(topic -> inTime(admin.listOffsets(topic.partitions().stream()
                        .collect(Collectors.toMap(info -> new TopicPartition(imageTopic, info.partition()), info -> OffsetSpec.latest())))
                        .all()));
        if (committed.isEmpty() || ends.isEmpty()) {
            return Double.NaN;
        }
        return ends.get().entrySet().stream().mapToLong(end -> end.getValue().offset()
                - Optional.ofNullable(committed.get().get(end.getKey())).map(OffsetAndMetadata::offset).orElse(0L)).sum();
    }

    /** The answer, unless it fails or takes too long: that is a gap. */
    private static <T> Optional<T> inTime(Future<T> answer) {
        try {
            return Optional.of(answer.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private synchronized void put(String name, int interval, double value) {
        if (interval < 0 || Double.isNaN(value)) {
            return;
        }
        List<Double> values = series.computeIfAbsent(name, n -> new ArrayList<>());
        while (values.size() <= interval) {
            values.add(null);
        }
        values.set(interval, value);
    }

    /** A meter of a service in its newest scrape; NaN if the last one had no answer. */
    public synchronized double meter(String service, String name) {
        return newest.containsKey(service) ? newest.get(service).value(name) : Double.NaN;
    }

    /** Whether services are watched whose meters can be asked. */
    public boolean hasMeters() {
        return watched.stream().anyMatch(process -> process.address() != null);
    }

    /** Per interval, null where there was no answer. */
    public synchronized Map<String, List<Double>> series() {
        Map<String, List<Double>> copy = new TreeMap<>();
        series.forEach((name, values) -> copy.put(name, new ArrayList<>(values)));
        return copy;
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
        try {
            scheduler.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
