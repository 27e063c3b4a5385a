package dev.promptgate.chaos.faults;

import dev.promptgate.chaos.ServiceRun;
import dev.promptgate.chaos.Stream;
import dev.promptgate.chaos.cluster.Cluster;
import dev.promptgate.chaos.cluster.Host;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The services of one installation, each on its host; one that has ended is started again, as by an operator's supervisor. */
final class Fleet implements AutoCloseable {
    static final List<String> NAMES = List.of("encoder-1", "encoder-2", "learner", "evaluator");
    /** Short, so that pauses outlast them; the session is the shortest that brokers allow. */
    private static final Map<String, String> TIMEOUTS = Map.of("encoder.transaction-timeout", "5s", "kafka.property.session.timeout.ms",
            "6000");
    private static final Map<String, String> ENCODER = Map.of("encoder.batch-size", "16", "encoder.decode-threads", "1");
    private static final Map<String, String> LEARNER = Map.of("learner.steps", "20", "learner.batch", "64", "learner.learning-rate", "0.01",
            "learner.min-shots", "4", "learner.settle-shots", "30", "learner.settle-time", "1h", "learner.refresh-every", "300");
    /** Lenient and quick, so that prompts are rolled out. */
    private static final Map<String, String> EVALUATOR = Map.of("evaluator.idle-time", "300ms", "evaluator.min-images", "20",
            "evaluator.min-images-per-class", "2", "evaluator.max-seen-drop", "0.9");

    private final Stream stream;
    private final Path directory;
    private final Map<String, Host> hosts = new LinkedHashMap<>();
    private final Map<String, ServiceRun> runs = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> environments = new HashMap<>();
    private final List<ServiceRun> replaced = new ArrayList<>();
    private int killed;
    private int killedAtWork;
    private int endedByThemselves;

    Fleet(Cluster cluster, Stream stream, Path directory) throws IOException {
        this.stream = stream;
        this.directory = directory;
        for (String name : NAMES) {
            hosts.put(name, cluster.host(name));
        }
    }

    Host host(String name) {
        return hosts.get(name);
    }

    static boolean isEncoder(String name) {
        return name.startsWith("encoder");
    }

    String transactionalId(String name) {
        return stream.topics().prefix() + name;
    }

    String encodersGroup() {
        return stream.topics().prefix() + "promptgate-encoder";
    }

    private void start(String name) {
        Map<String, String> settings = new HashMap<>();
        if (isEncoder(name)) {
            settings.putAll(TIMEOUTS);
            settings.putAll(ENCODER);
            settings.put("encoder.transactional-id", transactionalId(name));
        } else {
            settings.putAll(name.equals("learner") ? LEARNER : EVALUATOR);
        }
        runs.put(name, ServiceRun.start(hosts.get(name), environments.getOrDefault(name, Map.of()), name.replaceAll("-.*", ""), stream,
                directory, settings, "-XX:TieredStopAtLevel=1")); // they live for seconds: the second compiler would not pay
    }

    /** Starts all, and waits for them. */
    void startAll() {
        NAMES.forEach(this::start);
        runs.values().forEach(ServiceRun::started);
    }

    void kill(String name) throws InterruptedException {
        killedAtWork += isAtWork(name) ? 1 : 0;
        killed++;
        restart(name, Map.of());
    }

    /** Kills it, and starts it with other variables of the environment. */
    void restart(String name, Map<String, String> environment) throws InterruptedException {
        runs.get(name).kill();
        environments.put(name, environment);
        start(name);
    }

    boolean isAtWork(String name) {
        return runs.get(name).log().contains("Started;");
    }

    /** SIGSTOP; what wakes it again. */
    Runnable pause(String name) throws IOException, InterruptedException {
        ServiceRun run = runs.get(name);
        signal(run, "STOP");
        return () -> signal(run, "CONT");
    }

    /** The same, and a successor is started under its name at once; what wakes the first. */
    Runnable replace(String name) throws IOException, InterruptedException {
        Runnable wake = pause(name);
        replaced.add(runs.get(name));
        start(name);
        return wake;
    }

    private static void signal(ServiceRun run, String signal) {
        try {
            if (run.isAlive()) {
                run.signal(signal);
            }
        } catch (IOException e) {
            if (run.isAlive()) { // else it has ended meanwhile
                throw new IllegalStateException(e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Starts again what has ended by itself. */
    void tend() {
        for (String name : NAMES) {
            ServiceRun run = runs.get(name);
            if (!run.isAlive()) {
                endedByThemselves++;
                List<String> lines = run.log().lines().toList();
                System.out.printf("chaos: %s ended by itself: %s%n", name, lines.isEmpty() ? "" : lines.get(lines.size() - 1));
                start(name);
            }
        }
    }

    /** Steps that the learner's updates have made, if learner and evaluator are up and have read everything; else -1. */
    double stepsAtEnd() {
        try {
            ServiceRun learner = runs.get("learner");
            ServiceRun evaluator = runs.get("evaluator");
            boolean isAtEnd = learner.isReady() && evaluator.isReady() && learner.meter("promptgate_learner_lag") == 0
                    && evaluator.meter("promptgate_evaluator_lag") == 0;
            double steps = learner.meter("promptgate_learner_step_time_seconds_count");
            return isAtEnd ? Double.isNaN(steps) ? 0 : steps : -1;
        } catch (IOException e) {
            return -1; // one has just been started
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    ServiceRun[] runs() {
        return runs.values().toArray(ServiceRun[]::new);
    }

    /** Of those that were replaced, how many have ended; a learner or evaluator learns of it when it writes. */
    String replaced() {
        replaced.stream().filter(ServiceRun::isAlive).forEach(run -> System.out.printf("chaos: replaced, and at it still: %s%n",
                run.log().lines().reduce((before, line) -> line).orElse("")));
        return "%d of %d replaced services ended".formatted(replaced.stream().filter(run -> !run.isAlive()).count(), replaced.size());
    }

    @Override
    public String toString() {
        return "%d services killed (%d of them at work), %d ended by themselves and were started again".formatted(killed, killedAtWork,
                endedByThemselves);
    }

    int killedAtWork() {
        return killedAtWork;
    }

    @Override
    public void close() {
        runs.values().forEach(ServiceRun::close);
        replaced.forEach(ServiceRun::close);
    }
}
