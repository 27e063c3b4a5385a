package dev.promptgate.history.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.clip.text.Context;
import dev.promptgate.history.invariant.CommittedOffsets;
import dev.promptgate.history.invariant.Finding;
import dev.promptgate.history.invariant.Invariant;
import dev.promptgate.history.invariant.Outcome;
import dev.promptgate.history.invariant.Outcome.Kind;
import dev.promptgate.history.invariant.Place;
import dev.promptgate.learner.update.Checkpoint;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptMetadata;
import dev.promptgate.messaging.record.SourcePosition;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** Hand-made histories of what encoders do: one that is as it must be, and others that differ from it in one fault. */
class FlowTest {
    private static final long NOW = 1_900_000_000_000L;
    private static final long OLD = NOW - Duration.ofDays(2).toMillis();

    /** Images 0 to 3 of partition 0; "a" came twice, "poison" is rejected, "c" is erased. */
    private static final class History {
        final List<ConsumerRecord<byte[], byte[]>> images = new ArrayList<>(
                List.of(image(0, "a", NOW), image(1, "a", NOW), image(2, "poison", NOW), image(3, "c", NOW)));
        final List<Outcome> outcomes = new ArrayList<>(List.of(feature(10, 0, "a", "apple"), feature(11, 1, "a", "apple"),
                outcome(Kind.REJECTION, "rejected-images", 5, 2, "poison", ""), outcome(Kind.ERASURE, "image-features", 12, 3, "c", "")));
        final List<Outcome> aborted = new ArrayList<>();
        long committed = 4;
        long committedAfter = 4;
        Optional<Prompt> candidate = Optional.of(candidate(1, 12, List.of("apple")));
        Checkpoint checkpoint = new Checkpoint(12, 1, false, true, "model");

        Finding of(Invariant invariant) {
            invariant.begin(new CommittedOffsets(Map.of(0, committed)));
            outcomes.forEach(invariant::outcome);
            aborted.forEach(invariant::aborted);
            invariant.outcomesEnd(new CommittedOffsets(Map.of(0, committedAfter)));
            images.forEach(invariant::image);
            candidate.ifPresent(prompt -> invariant.candidate(new Place("prompt-candidates", 0, 7), prompt));
            return invariant.finish();
        }

        /** Every invariant that is broken, with its first example. */
        List<String> broken() {
            return List.of(new NothingLost(NOW, Duration.ofDays(1)), new NothingTwice(), new OrderPerKey(),
                    new NoTornTransaction(() -> Optional.of(checkpoint)), new NoAbortedRecordRead(),
                    new AcknowledgedKept(Map.of(new SourcePosition(0, 3), "c"))).stream().map(this::of)
                    .filter(finding -> !finding.holds())
                    .map(finding -> finding.invariant() + ": " + String.join("; ", finding.examples())).toList();
        }
    }

    private static ConsumerRecord<byte[], byte[]> image(long offset, String id, long timestamp) {
        return new ConsumerRecord<>("labelled-images", 0, offset, timestamp, TimestampType.CREATE_TIME, 0, 0,
                id.getBytes(StandardCharsets.UTF_8), new byte[] {1}, new RecordHeaders(), Optional.empty());
    }

    private static Outcome feature(long offset, long source, String id, String label) {
        return outcome(Kind.FEATURE, "image-features", offset, source, id, label);
    }

    private static Outcome outcome(Kind kind, String topic, long offset, long source, String id, String label) {
        return new Outcome(kind, new Place(topic, 0, offset), new SourcePosition(0, source), id, label);
    }

    private static Prompt candidate(long version, long horizon, List<String> classes) {
        return new Prompt(new Context(1, 2, new float[] {1, 2}),
                new PromptMetadata("default", version, 0, "model", 0, new PromptMetadata.Origin(classes, "a",
                        Map.of("update", "1"), Map.of(0, horizon), Map.of()), Map.of()));
    }

    private static void assertBroken(String expected, Consumer<History> fault) {
        History history = new History();
        fault.accept(history);
        List<String> broken = history.broken();
        assertEquals(1, broken.size(), broken.toString());
        assertTrue(broken.get(0).startsWith(expected), broken.toString());
    }

    @Test
    void aHistoryWithoutFaultIsClean() {
        assertEquals(List.of(), new History().broken());
    }

    @Test
    void whatIsStillToComeIsNotLost() {
        History history = new History();
        history.images.add(image(4, "d", NOW));
        assertEquals(List.of(), history.broken());
    }

    @Test
    void anOffsetWithoutItsAnswerIsALostRecord() {
        assertBroken("nothing-lost: labelled-images-0@3 (id c) led to nothing", history -> history.outcomes.remove(3));
    }

    @Test
    void anIdThatWasSentAgainMayBeCompactedAwayOnceItIsOld() {
        assertBroken("nothing-lost: labelled-images-0@0 (id a)", history -> history.outcomes.remove(0));
        History old = new History();
        old.outcomes.remove(0);
        old.images.set(0, image(0, "a", OLD));
        assertEquals(List.of(), old.broken());
        assertBroken("nothing-lost: labelled-images-0@1 (id a)", history -> { // the last one never is
            history.outcomes.remove(1);
            history.images.set(1, image(1, "a", OLD));
        });
    }

    @Test
    void aSecondAnswerIsNamed() {
        assertBroken("nothing-twice: image-features-0@20 of labelled-images-0@3 (id c) is a second answer",
                history -> history.outcomes.add(outcome(Kind.ERASURE, "image-features", 20, 3, "c", "")));
        assertBroken("nothing-twice: image-features-0@20 of labelled-images-0@1",
                history -> history.outcomes.add(feature(20, 1, "a", "apple")));
        assertBroken("nothing-twice: rejected-images-0@9 of labelled-images-0@1",
                history -> history.outcomes.add(outcome(Kind.REJECTION, "rejected-images", 9, 1, "a", "")));
    }

    @Test
    void aRelabelledFeatureIsNoSecondAnswer() {
        History history = new History();
        history.outcomes.add(feature(20, 1, "a", "pear"));
        history.outcomes.add(feature(21, 1, "a", "apple")); // and back
        assertEquals(List.of(), history.broken());
    }

    @Test
    void anotherOrderOfAKeyIsNamed() {
        assertBroken("order-per-key: image-features-0@11 of labelled-images-0@0 (id a) stands behind image-features-0@10", history -> {
            history.outcomes.set(0, feature(10, 1, "a", "apple"));
            history.outcomes.set(1, feature(11, 0, "a", "apple"));
        });
    }

    @Test
    void anAnswerWithoutItsOffsetIsATornTransaction() {
        assertBroken("no-torn-transaction: image-features-0@12 of labelled-images-0@3 (id c)", history -> {
            history.committed = 3;
            history.committedAfter = 3;
        });
        History live = new History();
        live.committed = 1; // the encoder went on while the topics were read
        assertEquals(List.of(), live.broken());
    }

    @Test
    void aCandidateWithoutItsCheckpointIsATornTransaction() {
        assertBroken("no-torn-transaction: prompt-candidates-0@7 (version 1)",
                history -> history.checkpoint = new Checkpoint(12, 1, false, false, "model"));
        History other = new History();
        other.checkpoint = new Checkpoint(12, 1, false, false, "another model");
        assertEquals(List.of(), other.broken());
    }

    @Test
    void whoReadsAbortedRecordsIsFoundOut() {
        assertBroken("no-aborted-record-read: an answer to labelled-images-0@2, which is no committed record",
                history -> history.images.remove(2));
        assertBroken("no-aborted-record-read: prompt-candidates-0@7 (version 1) begins behind image-features-0@11", history -> {
            history.outcomes.set(1, feature(14, 1, "a", "apple"));
            history.outcomes.add(history.outcomes.remove(1));
            history.aborted.add(feature(11, 1, "a", "apple"));
        });
        assertBroken("no-aborted-record-read: prompt-candidates-0@7 (version 1) knows the class ghost by image-features-0@9 alone",
                history -> {
                    history.aborted.add(feature(9, 0, "x", "ghost"));
                    history.candidate = Optional.of(candidate(1, 12, List.of("apple", "ghost")));
                });
    }

    @Test
    void imagesThatRetentionDeletedAreNobodysConcern() {
        History history = new History();
        history.images.subList(0, 3).clear();
        assertEquals(List.of(), history.broken());
    }

    @Test
    void whatWasAcknowledgedMustStandThere() {
        Finding finding = new History().of(new AcknowledgedKept(Map.of(new SourcePosition(0, 9), "z", new SourcePosition(0, 0), "a")));
        assertEquals(List.of("labelled-images-0@9 (id z) was acknowledged and is not there"), finding.examples());
        assertEquals(2, finding.checked());
    }
}
