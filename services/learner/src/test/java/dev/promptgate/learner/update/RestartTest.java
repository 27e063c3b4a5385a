package dev.promptgate.learner.update;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.clip.PromptModel;
import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.PromptEncoder;
import dev.promptgate.learner.config.LearnerMeters;
import dev.promptgate.learner.config.LearnerSettings;
import dev.promptgate.learner.update.Restart.CandidateCheck;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.learning.prompt.PromptMetadata;
import dev.promptgate.messaging.client.TopicReader;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.messaging.trust.PromptVerifier;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.Setting;
import dev.promptgate.service.settings.SettingsCatalogue;
import dev.promptgate.service.settings.SettingsSources;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Which candidates of an earlier learner can be gone on from. */
class RestartTest {
    private static final TopicNames TOPICS = new TopicNames("");

    private final CandidateCheck check = new CandidateCheck(PromptVerifier.off(), "model", 4, 8, 100);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private static Prompt candidate(int tokens, int width, long offset) {
        return candidate(1, "1", tokens, width, offset);
    }

    private static Prompt candidate(long version, String update, int tokens, int width, long offset) {
        return new Prompt(new Context(tokens, width, new float[tokens * width]), new PromptMetadata("default", version, 0, "model", 0,
                new PromptMetadata.Origin(List.of("cat", "dog"), "a photo of a", Map.of("update", update), Map.of(0, offset), Map.of()),
                Map.of()));
    }

    @Test
    void oneOfThisShapeFromFeaturesThatAreThereCan() {
        assertEquals(Optional.empty(), check.objection(candidate(4, 8, 100)));
    }

    @Test
    void oneOfAnotherShapeIsNamedByIt() {
        String why = check.objection(candidate(5, 8, 100)).orElseThrow();
        assertTrue(why.endsWith("[found: 5 × 8, needed: 4 × 8]"), why);
        assertFalse(check.objection(candidate(4, 16, 100)).isEmpty());
    }

    @Test
    void oneFromBeyondTheFeaturesIsNamedByItsOffset() {
        String why = check.objection(candidate(4, 8, 101)).orElseThrow();
        assertTrue(why.endsWith("[its offset: 101, end: 100]"), why);
    }

    @Test
    void oneOfAnUpdateThatNobodyCountsUpToIsNamedByIt() {
        for (String update : List.of("1000101", "-1", Long.toString(Long.MAX_VALUE))) {
            String why = check.objection(candidate(1, update, 4, 8, 100)).orElseThrow();
            assertTrue(why.endsWith("[update: %s, its offset: 100]".formatted(update)), why);
        }
        assertEquals(Optional.empty(), check.objection(candidate(1, "1000100", 4, 8, 100)));
    }

    @Test
    void versionsThatLeapAreNotCountedOnFrom() {
        Restart restart = restart(Optional.empty(), candidate(1, "1", 4, 8, 10), candidate(1L << 53, "9", 4, 8, 90),
                candidate(2, "2", 4, 8, 20), candidate(1_000_004, "9", 4, 8, 90));
        assertEquals(2, restart.lastVersion());
        assertEquals(2, restart.parent());
        assertEquals(new Checkpoint(20, 2, false, true, "model"), restart.checkpoint());
        assertEquals(2, registry.get(LearnerMeters.PASSED_OVER.name()).counter().count());
    }

    @Test
    void aCheckpointOfAnUpdateThatNobodyCountsUpToIsNone() {
        Restart restart = restart(Optional.of(new OffsetAndMetadata(5, "update=999999999999999999 phase=done model=model")),
                candidate(1, "1", 4, 8, 10));
        assertEquals(new Checkpoint(10, 1, false, true, "model"), restart.checkpoint());
    }

    /** As a learner starts that finds these candidates, one behind the other. */
    private Restart restart(Optional<OffsetAndMetadata> committed, Prompt... candidates) {
        List<Setting<?>> known = Stream.of(PromptSettings.ALL.all(), LearnerSettings.ALL.all()).<Setting<?>>flatMap(List::stream).toList();
        LearnerSettings settings = new LearnerSettings(new SettingsCatalogue(known, List.of(), key -> true)
                .resolve(SettingsSources.of(Map.of("prompt.context-tokens", "4"))));
        return Restart.read(() -> new Log(List.of(candidates)), TOPICS, settings, new Model(), PromptVerifier.off(),
                new LearnerMeters(registry, "default"), committed);
    }

    private record Log(List<Prompt> candidates) implements TopicReader {
        @Override
        public List<TopicPartition> partitions(String topic) {
            return List.of(new TopicPartition(topic, 0));
        }

        @Override
        public long begin(TopicPartition partition) {
            return 0;
        }

        @Override
        public Map<TopicPartition, Long> ends(String topic) {
            return Map.of(new TopicPartition(topic, 0), 100L);
        }

        @Override
        public Map<TopicPartition, Long> forEach(String topic, Consumer<ConsumerRecord<byte[], byte[]>> action) {
            for (int offset = 0; offset < candidates.size(); offset++) {
                action.accept(new ConsumerRecord<>(topic, 0, offset, "default".getBytes(StandardCharsets.UTF_8),
                        PromptCodec.encode(candidates.get(offset))));
            }
            return ends(topic);
        }

        @Override
        public void close() {
            // nothing is held
        }
    }

    /** What a start asks of a model. */
    private record Model() implements PromptModel {
        @Override
        public String fingerprint() {
            return "model";
        }

        @Override
        public float logitScale() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int featureDim() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int textWidth() {
            return 8;
        }

        @Override
        public void trim() {
            throw new UnsupportedOperationException();
        }

        @Override
        public PromptEncoder textEncoder() {
            throw new UnsupportedOperationException();
        }
    }
}
