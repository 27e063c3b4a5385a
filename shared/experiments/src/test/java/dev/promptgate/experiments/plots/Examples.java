package dev.promptgate.experiments.plots;

import dev.promptgate.experiments.statistics.Estimate;
import java.util.List;
import java.util.stream.IntStream;

final class Examples {
    static final Title TITLE = new Title("Base against new accuracy", "Base-to-new, sample stream, 16 shots, 5 seeds");
    static final List<String> FOUR = List.of("Zero-shot CLIP", "CoOp", "SCoOp", "GCSCoOp");
    static final List<String> FOURTEEN = IntStream.range(0, 14)
            .mapToObj(i -> "Method " + i + (i % 3 == 0 ? ", with a name that goes on ".repeat(6) : "")).toList();

    private Examples() {}

    static Estimate around(double value) {
        return new Estimate(value, 1, 5);
    }
}
