package dev.promptgate.load.drive;

import dev.promptgate.load.observe.Flow;
import dev.promptgate.load.observe.Flow.Point;
import dev.promptgate.load.observe.FlowObserver;
import dev.promptgate.load.observe.Ledger;
import dev.promptgate.load.observe.RunClock;
import dev.promptgate.load.observe.StageLatencies;
import dev.promptgate.load.plan.ImageSequence;
import dev.promptgate.load.plan.LoadPlan;
import dev.promptgate.load.plan.Scenario;
import dev.promptgate.load.report.ReportAssembly;
import dev.promptgate.load.report.RunReport;
import dev.promptgate.load.service.Sampler;
import dev.promptgate.load.service.Sampler.Watched;
import dev.promptgate.load.service.ServiceSet;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.topic.TopicNames;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;

/** One run of a plan against a target, from the first image to the last verdict. Blocking; used once. */
public final class LoadRun {
    /**
     * What the load falls on.
     *
     * @param prompt the prompt that learner and evaluator keep
     * @param services those that this run has started; empty if they run elsewhere
     */
    public record Target(KafkaClients clients, TopicNames topics, String prompt, String encoderGroup, List<Watched> watched,
            Optional<ServiceSet> services) {}

    private static final double STATUS_SECONDS = 5;
    private static final double QUIET_SECONDS = 3.5; // longer than three samples
    private static final long POLL_MILLIS = 100;

    private final LoadPlan plan;
    private final Target target;
    private final Duration drainLimit;
    private final Consumer<String> lines;
    private final StageLatencies latencies = new StageLatencies();
    private final Flow flow = new Flow();
    private Ledger ledger;
    private double nextStatus;

    /** {@code drainLimit} is how long to wait after the last image until all is digested; {@code lines} takes lines about the progress. */
    public LoadRun(LoadPlan plan, Target target, Duration drainLimit, Consumer<String> lines) {
        this.plan = plan;
        this.target = target;
        this.drainLimit = drainLimit;
        this.lines = lines;
    }

    /**
     * @param command that started it, for the report
     * @throws IOException if a service ends
     */
    public RunReport run(String command) throws IOException, InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(target.clients().admin());
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(new HashMap<>(target.clients().producer()))) {
            int partitions = producer.partitionsFor(target.topics().labelledImages()).size();
            ImageSequence images = new ImageSequence(plan, "load-" + Long.toString(System.currentTimeMillis(), 36), partitions);
            ledger = new Ledger(images::isPoison, number -> images.at(number).origin());
            try (FlowObserver observer = new FlowObserver(target.clients(), target.topics(), target.prompt(), plan, images, ledger,
                    latencies, flow);
                    Sampler sampler = new Sampler(admin, target.topics().labelledImages(), target.encoderGroup(), target.watched())) {
                images.at(0).encode(target.topics().labelledImages(), 0); // its files are read now, not when the first is due
                Instant startedAt = Instant.now();
                RunClock clock = RunClock.start();
                observer.start(clock);
                sampler.start(clock, observer.trail());
                push(images, clock, producer, observer, sampler);
                boolean drained = drain(clock, observer, sampler);
                double end = clock.now();
                return new ReportAssembly(plan, latencies, flow, ledger, observer.trail(), sampler).assemble(command, startedAt, end,
                        drained);
            }
        }
    }

    private void push(ImageSequence images, RunClock clock, KafkaProducer<byte[], byte[]> producer, FlowObserver observer, Sampler sampler)
            throws IOException, InterruptedException, ExecutionException {
        ExecutorService executor = Executors.newSingleThreadExecutor(task -> new Thread(task, "load-generator"));
        boolean stopped = false;
        try {
            LoadGenerator generator = new LoadGenerator(plan, images, ledger, latencies, flow);
            Future<?> pushing = executor.submit(() -> {
                generator.run(clock, producer, target.topics().labelledImages());
                return null;
            });
            double limit = plan.rate().seconds() + drainLimit.toMillis() / 1000.0;
            while (!pushing.isDone() && clock.now() < limit) {
                stopped = holdEvaluator(clock, stopped);
                watch(clock, observer, sampler);
            }
            if (!pushing.isDone()) {
                throw new IOException(
                        "The broker does not take the images at this rate; try a lower --rate [pushed: %d of %d, seconds: %.0f]"
                                .formatted(flow.total(Point.PUSHED), plan.rate().images(), clock.now()));
            }
            pushing.get();
        } finally {
            executor.shutdownNow();
            if (stopped) {
                signalEvaluator("CONT");
            }
        }
    }

    /** Stops and wakes the evaluator as the scenario wants; whether it stands still now. */
    private boolean holdEvaluator(RunClock clock, boolean stopped) throws IOException, InterruptedException {
        double part = clock.now() / plan.rate().seconds();
        boolean wanted = plan.scenario() == Scenario.SLOW_CONSUMER && part >= 0.2 && part < 0.7;
        if (wanted != stopped) {
            signalEvaluator(wanted ? "STOP" : "CONT");
            lines.accept(wanted ? "the evaluator is stopped" : "the evaluator goes on");
        }
        return wanted;
    }

    private void signalEvaluator(String signal) throws IOException, InterruptedException {
        if (target.services().isPresent()) {
            target.services().get().signal("evaluator", signal);
        }
    }

    private void watch(RunClock clock, FlowObserver observer, Sampler sampler) throws IOException, InterruptedException {
        if (target.services().isPresent()) {
            target.services().get().check();
        }
        observer.check();
        sampler.check();
        if (clock.now() >= nextStatus) {
            nextStatus = clock.now() + STATUS_SECONDS;
            lines.accept("%4.0f s: %d of %d pushed, %d features, %d rejected, %d candidates, %d verdicts, %d rollouts".formatted(
                    clock.now(), flow.total(Point.PUSHED), plan.rate().images(),
                    flow.total(Point.FEATURES), flow.total(Point.REJECTIONS), flow.total(Point.CANDIDATES), flow.total(Point.VERDICTS),
                    flow.total(Point.ROLLOUTS)));
        }
        Thread.sleep(POLL_MILLIS);
    }

    private boolean drain(RunClock clock, FlowObserver observer, Sampler sampler) throws IOException, InterruptedException {
        double limit = clock.now() + drainLimit.toMillis() / 1000.0;
        double quietSince = Double.NaN;
        double steps = Double.NaN;
        while (clock.now() < limit) {
            double stepsNow = sampler.meter("learner", "promptgate_learner_steps_total");
            // The meter of a due update rests while updates run one after another; that of steps does not.
            if (!ledger.isSettled() || !isQuiet(observer, sampler) || Double.compare(steps, stepsNow) != 0) {
                quietSince = Double.NaN;
                steps = stepsNow;
            } else if (Double.isNaN(quietSince)) {
                quietSince = clock.now();
            } else if (clock.now() - quietSince >= QUIET_SECONDS) {
                return true;
            }
            watch(clock, observer, sampler);
        }
        return false;
    }

    /** Nothing waits for learning or for a verdict; where no service's meters can be asked, the features alone tell. */
    private static boolean isQuiet(FlowObserver observer, Sampler sampler) {
        return !sampler.hasMeters() || sampler.meter("learner", "promptgate_learner_update_due") == 0 && observer.trail().notTaken() == 0
                && sampler.meter("evaluator", "promptgate_evaluator_lag") == 0
                && sampler.meter("evaluator", "promptgate_evaluator_pending") == 0 && observer.trail().isJudged();
    }
}
