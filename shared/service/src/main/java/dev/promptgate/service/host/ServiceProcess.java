package dev.promptgate.service.host;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A process that runs until it is told to stop or breaks. A signal only lets the main thread go on: it closes what it opened, batch in hand
 * and all, and the shutdown hook waits for it, so that an orderly stop exits with the command's own code, which is 0.
 */
public final class ServiceProcess {
    /** 128 and SIGINT's number, as shells have it. */
    private static final int SIGNALLED = 130;

    private enum Phase {
        RUNNING,
        /** Signalled: the hook waits for the main thread. */
        STOPPING,
        /** The main thread has come to its end, and waits for the hooks. */
        EXITING
    }

    private static final AtomicReference<Phase> PHASE = new AtomicReference<>(Phase.RUNNING);
    private static volatile int exitCode;

    private ServiceProcess() {}

    /**
     * From now on a signal stops the process in order. Call it on the main thread before anybody is told that the service has started, wait
     * for the future, and then close what was opened.
     *
     * @param limit how long closing may take once signalled
     * @return completes when the process is signalled, and fails when the host does
     */
    public static CompletableFuture<Void> end(ServiceHost host, Duration limit) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        Thread main = Thread.currentThread();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (!PHASE.compareAndSet(Phase.RUNNING, Phase.STOPPING)) {
                return; // nobody is to wait for: each would wait for the other
            }
            end.complete(null);
            try {
                main.join(limit.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            Runtime.getRuntime().halt(main.isAlive() ? 1 : exitCode);
        }, "orderly-stop"));
        host.failure().onFailure(end::completeExceptionally);
        return end;
    }

    /**
     * From now on a signal ends the process at once, with exit code 130. For commands that compute and have nothing to close: otherwise the
     * JVM would tear PyTorch down below a computation that still runs, and crash.
     */
    public static void endAtOnceWhenSignalled() {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (PHASE.get() != Phase.EXITING) {
                Runtime.getRuntime().halt(SIGNALLED);
            }
        }, "end-at-once"));
    }

    /** Ends the process with a code, as the last act of the main thread. */
    public static void exit(int code) {
        exitCode = code;
        if (PHASE.compareAndSet(Phase.RUNNING, Phase.EXITING)) {
            System.exit(code);
        } // else the hook waits for this thread to end, and exits with the code
    }
}
