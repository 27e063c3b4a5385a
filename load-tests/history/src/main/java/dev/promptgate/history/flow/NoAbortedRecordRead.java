package dev.promptgate.history.flow;

import dev.promptgate.history.invariant.Finding;
import dev.promptgate.history.invariant.Invariant;
import dev.promptgate.history.invariant.Outcome;
import dev.promptgate.history.invariant.Place;
import dev.promptgate.history.invariant.Violations;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.messaging.record.SourcePosition;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Nobody acted on a record that was aborted: each answer of an encoder is to a committed image; no candidate's horizon is behind an aborted
 * feature, and none knows a class of which there are aborted features alone. Images that retention has deleted are nobody's concern.
 */
public final class NoAbortedRecordRead implements Invariant {
    private final SourcePositions unexplained = new SourcePositions();
    private final Map<Integer, Long> firstImage = new HashMap<>();
    private final Map<Long, Place> aborted = new HashMap<>();
    private final Map<String, Place> abortedOfClass = new HashMap<>();
    private final Set<String> classes = new HashSet<>();
    private final Violations violations = new Violations("no-aborted-record-read");

    @Override
    public void outcome(Outcome outcome) {
        violations.checked();
        unexplained.add(outcome.source());
        classes.add(outcome.label());
    }

    @Override
    public void aborted(Outcome outcome) {
        aborted.put(outcome.place().offset(), outcome.place());
        abortedOfClass.putIfAbsent(outcome.label(), outcome.place());
    }

    @Override
    public void image(ConsumerRecord<byte[], byte[]> image) {
        firstImage.putIfAbsent(image.partition(), image.offset());
        unexplained.remove(new SourcePosition(image.partition(), image.offset()));
    }

    @Override
    public void candidate(Place place, Prompt candidate) {
        violations.checked();
        long horizon = candidate.metadata().featureOffsets().getOrDefault(0, 0L);
        Optional.ofNullable(aborted.get(horizon - 1)).ifPresent(
                feature -> violations.add("%s (version %d) begins behind %s, which was aborted", place, candidate.version(), feature));
        candidate.metadata().classes().stream().filter(name -> abortedOfClass.containsKey(name) && !classes.contains(name))
                .forEach(name -> violations.add("%s (version %d) knows the class %s by %s alone, which was aborted", place,
                        candidate.version(), name, abortedOfClass.get(name)));
    }

    @Override
    public Finding finish() {
        unexplained.stream().filter(source -> source.offset() >= firstImage.getOrDefault(source.partition(), Long.MAX_VALUE))
                .forEach(source -> violations.add("an answer to labelled-images-%d@%d, which is no committed record", source.partition(),
                        source.offset()));
        return violations.finding();
    }
}
