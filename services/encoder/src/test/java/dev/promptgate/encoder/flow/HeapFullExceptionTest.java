package dev.promptgate.encoder.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class HeapFullExceptionTest {
    private final InFlightRecords inFlight = new InFlightRecords();

    @Test
    void namesTheRecordsInHandOnOneLine() {
        for (int offset = 7; offset < 40; offset++) {
            inFlight.add(new ConsumerRecord<>("labelled-images", 3, offset, null, new byte[1]), new CompletableFuture<>());
        }
        Throwable told = HeapFullException.orSame(new CompletionException(new OutOfMemoryError("Java heap space")), inFlight);
        assertTrue(told.getMessage().contains("records in hand: labelled-images-3@7, labelled-images-3@8, "), told.getMessage());
        assertTrue(told.getMessage().contains("labelled-images-3@26 … 33 in all]"), told.getMessage());
        assertFalse(told.getMessage().contains("\n"));
        assertEquals("Java heap space", told.getCause().getCause().getMessage());
    }

    @Test
    void otherFailuresStayAsTheyAre() {
        Throwable failure = new CompletionException(new StackOverflowError());
        assertSame(failure, HeapFullException.orSame(failure, inFlight));
    }
}
