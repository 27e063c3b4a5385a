package dev.promptgate.encoder.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.encoder.pipeline.RecordPipeline.EncodingResult;
import dev.promptgate.messaging.transaction.TransactionalWriter.TransactionAbortedException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;

class CommitsTest {
    private static final TopicPartition IMAGES = new TopicPartition("images", 0);

    private final InFlightRecords inFlight = new InFlightRecords();
    private final List<Long> committing = new ArrayList<>();
    private final List<Promise<Void>> transactions = new ArrayList<>();
    private final Commits commits = new Commits(inFlight, finished -> {
        committing.add(finished.offsets().get(IMAGES).offset());
        transactions.add(Promise.promise());
        return transactions.get(transactions.size() - 1).future();
    });

    /** The one behind it would commit the offsets of both: its records would be in no feature. */
    @Test
    void nothingIsCommittedBehindATransactionThatWasAbortedUntilItsRecordsAreReadAgain() {
        finished(0);
        commits.commitFinished();
        finished(1); // was read meanwhile
        transactions.get(0).fail(new TransactionAbortedException(new IllegalStateException("another generation")));
        assertTrue(commits.commitFinished().succeeded());
        assertEquals(List.of(1L), committing);
        assertTrue(commits.isAborted());
        commits.readAgain(Future::succeededFuture);
        assertEquals(0, inFlight.size());
        finished(0);
        commits.commitFinished();
        assertEquals(List.of(1L, 1L), committing);
    }

    @Test
    void whereTheCommittedOffsetsCannotBeReadTheyAreAskedForAgain() {
        finished(0);
        commits.commitFinished();
        transactions.get(0).fail(new TransactionAbortedException(new IllegalStateException("another generation")));
        assertTrue(commits.readAgain(() -> Future.failedFuture(new TimeoutException("no answer"))).succeeded());
        assertTrue(commits.isAborted());
        IllegalStateException never = new IllegalStateException("never");
        assertSame(never, commits.readAgain(() -> Future.failedFuture(never)).cause());
        commits.readAgain(Future::succeededFuture);
        assertFalse(commits.isAborted());
    }

    @Test
    void oneRunsAtATimeAndWhatCannotBeTriedAgainFailsTheNext() {
        finished(0);
        commits.commitFinished();
        finished(1);
        commits.commitFinished();
        assertEquals(List.of(1L), committing, "one runs");
        transactions.get(0).complete();
        assertEquals(1, inFlight.size());
        commits.commitFinished();
        assertEquals(List.of(1L, 2L), committing);
        IllegalStateException never = new IllegalStateException("never");
        transactions.get(1).fail(never);
        finished(2);
        assertSame(never, commits.commitFinished().cause());
        assertEquals(List.of(1L, 2L), committing);
    }

    private void finished(long offset) {
        CompletableFuture<EncodingResult> outcome = new CompletableFuture<>();
        outcome.complete(null);
        inFlight.add(new ConsumerRecord<>(IMAGES.topic(), IMAGES.partition(), offset, null, new byte[1]), outcome);
    }
}
