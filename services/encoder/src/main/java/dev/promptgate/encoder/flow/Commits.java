package dev.promptgate.encoder.flow;

import dev.promptgate.encoder.flow.InFlightRecords.Delivery;
import dev.promptgate.messaging.transaction.TransactionalWriter.TransactionAbortedException;
import io.vertx.core.Future;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits what is finished, one transaction after another. Behind one that was aborted none begins until all that was read is forgotten and
 * read again from the committed offsets: its own offsets would commit the records of the aborted one, too. Not thread-safe: the verticle's.
 */
final class Commits {
    private static final Logger LOG = LoggerFactory.getLogger(Commits.class);

    private final InFlightRecords inFlight;
    private final Function<Delivery, Future<Void>> transact;
    private Future<Void> running = Future.succeededFuture();
    private boolean aborted;

    /**
     * @param transact writes outcomes and offsets in one transaction; fails with a {@link TransactionAbortedException} if it can be tried
     *     again
     */
    Commits(InFlightRecords inFlight, Function<Delivery, Future<Void>> transact) {
        this.inFlight = inFlight;
        this.transact = transact;
    }

    /**
     * Starts a transaction if none runs, none was aborted and something is finished; does not wait for it. Fails with what the one before
     * failed with, if that cannot be tried again, and with what an image failed with.
     */
    Future<Void> commitFinished() {
        if (!running.isComplete() || running.failed() || aborted) {
            return running.failed() ? running : Future.succeededFuture();
        }
        Delivery finished;
        try {
            finished = inFlight.takeFinished();
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
        if (!finished.outcomes().isEmpty()) {
            running = transact.apply(finished).recover(cause -> {
                aborted = cause instanceof TransactionAbortedException;
                return aborted ? Future.succeededFuture() : Future.failedFuture(cause);
            }).onComplete(done -> inFlight.settled());
        }
        return Future.succeededFuture();
    }

    /** The transaction that runs, or the last one; one that was aborted does not count as failed. */
    Future<Void> running() {
        return running;
    }

    /** Whether what was read is of no use any more, since a transaction was aborted. */
    boolean isAborted() {
        return aborted;
    }

    /** Forgets what was read and has it read again; where the brokers do not answer, that is still to be done. */
    Future<Void> readAgain(Supplier<Future<Void>> rewind) {
        inFlight.clear();
        return rewind.get().onSuccess(done -> aborted = false).recover(cause -> {
            if (!(cause instanceof RetriableException)) {
                return Future.failedFuture(cause);
            }
            LOG.warn("The committed offsets cannot be read; tries again [cause: {}]", cause.getMessage());
            return Future.succeededFuture();
        });
    }
}
