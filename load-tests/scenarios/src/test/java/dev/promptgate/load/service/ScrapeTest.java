package dev.promptgate.load.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ScrapeTest {
    private final Scrape scrape = new Scrape("""
            # HELP jvm_memory_used_bytes The amount of used memory
            # TYPE jvm_memory_used_bytes gauge
            jvm_memory_used_bytes{area="heap",id="G1 Eden Space"} 4194304.0
            jvm_memory_used_bytes{area="heap",id="G1 Old Gen"} 1.0E7
            jvm_memory_used_bytes{area="nonheap",id="Metaspace"} 5.0E7
            promptgate_learner_lag 12.0
            promptgate_evaluator_rollout_age NaN
            """);

    @Test
    void samplesOfANameAddUp() {
        assertEquals(64_194_304, scrape.value("jvm_memory_used_bytes"));
        assertEquals(14_194_304, scrape.value("jvm_memory_used_bytes.heap"));
        assertEquals(12, scrape.value("promptgate_learner_lag"));
    }

    @Test
    void whatIsNotThereIsNotANumber() {
        assertTrue(Double.isNaN(scrape.value("promptgate_encoder_lag")));
        assertTrue(Double.isNaN(scrape.value("promptgate_evaluator_rollout_age")));
    }
}
