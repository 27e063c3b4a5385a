package dev.promptgate.evaluator;

import dev.promptgate.clip.PromptModel;
import dev.promptgate.evaluator.gate.Gate;
import dev.promptgate.evaluator.gate.GateEvent;
import dev.promptgate.evaluator.gate.GateInput;
import dev.promptgate.evaluator.gate.GateState;
import dev.promptgate.evaluator.input.InputReader;
import dev.promptgate.evaluator.input.LiveTopics;
import dev.promptgate.evaluator.report.Announcer;
import io.micrometer.core.instrument.Clock;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Hands what is read to the gate, and what the gate decides to the state and the announcer: record → {@link Gate} → events →
 * {@link GateState} and {@link Announcer}. Knows no consumer. Its methods block; one thread at a time.
 */
public final class Gatekeeper {
    private final Gate gate;
    private final GateState state;
    private final InputReader reader;
    private final Announcer announcer;
    private final PromptModel model;
    private final Clock clock;
    private long changedNanos;
    private boolean isShown;

    Gatekeeper(Gate gate, GateState state, InputReader reader, Announcer announcer, PromptModel model, Clock clock) {
        this.gate = gate;
        this.state = state;
        this.reader = reader;
        this.announcer = announcer;
        this.model = model;
        this.clock = clock;
        changedNanos = clock.monotonicTime();
        announcer.resumed(state);
    }

    /** A feature that had been taken in by the time of the state. */
    public void replay(ConsumerRecord<byte[], byte[]> record) {
        state.apply(gate.replay(reader.feature(record)));
    }

    public void feature(ConsumerRecord<byte[], byte[]> record) {
        take(reader.feature(record));
    }

    public void candidate(ConsumerRecord<byte[], byte[]> record) {
        take(reader.candidate(record));
    }

    public void command(ConsumerRecord<byte[], byte[]> record) {
        take(reader.command(record));
    }

    /** All that was written until this time, epoch milliseconds, is taken in. */
    public void idle(long now) {
        take(new GateInput.Idle(now));
    }

    /** Measures the live and the hand-written prompt on all images known, if anything changed since. */
    public void measure() {
        if (take(new GateInput.Measure())) {
            model.trim();
        }
    }

    /**
     * Looks whether the topics hold what was rolled out, and puts it right if somebody else wrote there.
     *
     * @param readUntil they are read to their ends as they were then, by the monotonic clock; before its own change there is nothing to
     *     look at
     */
    public void guard(LiveTopics topics, long readUntil) {
        if (readUntil > changedNanos) {
            repair(topics);
        }
    }

    /** The same at the start, when the images are still to come: nothing else is decided. */
    void repair(LiveTopics topics) {
        topics.contradiction(state.prompts().live(), state.model())
                .ifPresent(found -> carryOut(() -> gate.decide(state, new GateInput.ForeignRollout(found))));
    }

    /** @return whether the input itself brought anything */
    private boolean take(GateInput input) {
        if (input instanceof GateInput.Timed timed) {
            carryOutAll(() -> gate.dueBefore(state, timed.time()));
        }
        boolean isAny = carryOut(() -> gate.decide(state, input));
        carryOutAll(() -> gate.due(state));
        return isAny;
    }

    private void carryOutAll(Supplier<List<GateEvent>> due) {
        while (carryOut(due)) { // until nothing is due any more
        }
    }

    /** @return whether there was anything */
    private boolean carryOut(Supplier<List<GateEvent>> decision) {
        long began = clock.monotonicTime();
        List<GateEvent> events = decision.get();
        long nanos = clock.monotonicTime() - began;
        long rollouts = state.rollouts();
        for (GateEvent event : events) {
            long live = state.prompts().live().version();
            state.apply(event);
            isShown &= event instanceof GateEvent.TimePassed;
            announcer.tell(event, state, live, nanos);
        }
        announcer.publish(state);
        if (state.rollouts() > rollouts) {
            changedNanos = clock.monotonicTime();
        }
        return !events.isEmpty();
    }

    /** How far time is by what was taken in, epoch milliseconds. */
    public long time() {
        return state.progress().time();
    }

    /** Brings the meters up to date, if anything happened since. */
    public void show() {
        if (!isShown) {
            announcer.show(state);
            isShown = true;
        }
    }

    /** Images that came in since the last measurement, or other reasons for one. */
    public int changesSinceMeasurement() {
        return state.changesSinceMeasurement();
    }
}
