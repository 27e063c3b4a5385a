package dev.promptgate.load.service;

import dev.promptgate.load.service.Sampler.Watched;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Encoder, learner and evaluator, a process each. Closed by whoever starts it. */
public record ServiceSet(List<StartedService> runs) implements AutoCloseable {
    public static final List<String> SERVICES = List.of("encoder", "learner", "evaluator");

    /** Starts all three with the same options and waits until they are ready; their logs go to the directory. */
    public static ServiceSet start(List<String> promptgate, List<String> options, Map<String, String> environment, Path directory)
            throws IOException, InterruptedException {
        ServiceSet set = new ServiceSet(new ArrayList<>());
        try {
            for (String service : SERVICES) {
                set.runs.add(StartedService.start(promptgate, service, options, environment, directory));
            }
            for (StartedService run : set.runs) {
                run.awaitStart();
            }
            return set;
        } catch (IOException | InterruptedException | RuntimeException e) {
            set.close();
            throw e;
        }
    }

    public List<Watched> watched() {
        return runs.stream().map(run -> new Watched(run.name(), run.address(), run.handle())).toList();
    }

    /** @throws IOException if one has ended */
    public void check() throws IOException {
        for (StartedService run : runs) {
            run.check();
        }
    }

    /** Sends a signal (STOP, CONT) to one of them. */
    public void signal(String service, String signal) throws IOException, InterruptedException {
        for (StartedService run : runs) {
            if (run.name().equals(service)) {
                run.signal(signal);
            }
        }
    }

    @Override
    public void close() {
        runs.forEach(StartedService::close);
    }
}
