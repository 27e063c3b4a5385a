package dev.promptgate.service.host;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process that runs a host until it is told to stop or breaks. On SIGTERM the shutdown hook waits for the orderly stop, so that the
 * batch in hand is finished and committed.
 */
public final class ServiceProcess {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceProcess.class);

    private ServiceProcess() {}

    /**
     * Blocks until the process is signalled (then exits through the hook) or the host fails.
     *
     * @throws ExecutionException with the failure's cause
     */
    public static void awaitEnd(ServiceHost host) throws ExecutionException, InterruptedException {
        CountDownLatch stopped = new CountDownLatch(1);
        CompletableFuture<Void> end = new CompletableFuture<>();
        Thread hook = new Thread(() -> {
            try {
                host.close();
                LOG.info("Stopped in order");
            } catch (RuntimeException e) {
                LOG.error("Stopped out of order: {}", e.getMessage());
            } finally {
                stopped.countDown();
                end.complete(null);
            }
        }, "orderly-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        host.failure().onFailure(end::completeExceptionally);
        try {
            end.get();
            stopped.await();
        } catch (ExecutionException e) {
            if (Runtime.getRuntime().removeShutdownHook(hook)) {
                host.close();
            }
            throw e;
        }
    }
}
