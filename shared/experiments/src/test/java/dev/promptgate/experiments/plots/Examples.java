package dev.promptgate.experiments.plots;

import java.util.List;
import java.util.stream.IntStream;

final class Examples {
    static final Title TITLE = new Title("Base against new accuracy", "Base-to-new, sample stream, 16 shots, 5 seeds");
    static final List<String> FOUR = List.of("Zero-shot CLIP", "CoOp", "SCoOp", "GCSCoOp");
    static final List<String> FOURTEEN = IntStream.range(0, 14)
            .mapToObj(i -> "Method " + i + (i % 3 == 0 ? ", with a name that goes on ".repeat(6) : "")).toList();

    private Examples() {}

    static Interval around(double value) {
        return new Interval(value, value - 1, value + 1);
    }
}
