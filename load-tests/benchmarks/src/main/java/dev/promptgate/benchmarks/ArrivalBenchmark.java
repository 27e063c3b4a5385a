package dev.promptgate.benchmarks;

import dev.promptgate.benchmarks.model.RandomModel;
import dev.promptgate.clip.engine.ComputeOptions;
import dev.promptgate.clip.text.Context;
import dev.promptgate.evaluator.gate.Gate;
import dev.promptgate.evaluator.gate.GateEvent;
import dev.promptgate.evaluator.gate.GateInput;
import dev.promptgate.evaluator.gate.GateSnapshot;
import dev.promptgate.evaluator.gate.GateState;
import dev.promptgate.evaluator.gate.PromptStack;
import dev.promptgate.evaluator.gate.TrackRecord;
import dev.promptgate.learning.gate.GateSettings;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.watch.WatchSettings;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.SourcePosition;
import dev.promptgate.messaging.record.Split;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.Warmup;

/** What the gate makes of a probe image of a class that is known: nothing is scored, only looked at and taken in. */
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ArrivalBenchmark extends AverageTimeBenchmark {
    private static final String PROMPT = "default";
    private static final int IMAGES_A_CLASS = 100;

    @Param({"100", "1000", "10000"})
    public int classes;

    private Gate gate;
    private GateState state;
    private long offset;

    @Setup
    public void open() {
        clip = RandomModel.of("mini", ComputeOptions.cpu());
        gate = new Gate(GateSettings.DEFAULT, 1, 0.05, 1, clip, version -> Optional.empty());
        Prompt handWritten = Prompt.handWritten(PROMPT, new Context(4, clip.textWidth(), new float[4 * clip.textWidth()]));
        GateState.Limits limits = new GateState.Limits(Duration.ofDays(1), Duration.ofDays(1), IMAGES_A_CLASS,
                new WatchSettings(0.01, 0.03, 0.99, 20_000));
        state = new GateState(limits, GateSnapshot.initial(clip.fingerprint()), TrackRecord.Waves.NONE,
                new GateState.Prompts(new PromptStack(handWritten), List.of(), Optional.empty()));
        for (int c = 0; c < classes; c++) {
            take();
        }
    }

    private List<GateEvent> take() {
        String label = "class " + offset % classes;
        ImageFeature image = new ImageFeature("image " + offset, label, Split.PROBE, clip.fingerprint(), new float[clip.featureDim()], 0,
                new SourcePosition(0, offset));
        List<GateEvent> events = gate.decide(state, new GateInput.Image(image, offset, offset));
        events.forEach(state::apply);
        offset++;
        return events;
    }

    @Benchmark
    public List<GateEvent> arrive() {
        return take();
    }
}
