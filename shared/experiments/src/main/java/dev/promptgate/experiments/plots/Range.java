package dev.promptgate.experiments.plots;

import java.util.stream.DoubleStream;

record Range(double low, double high) {
    /** Around the finite ones of some values, with a margin; never without extent. */
    static Range around(DoubleStream values, double margin) {
        double[] finite = values.filter(Double::isFinite).toArray();
        double low = DoubleStream.of(finite).min().orElse(0);
        double high = DoubleStream.of(finite).max().orElse(1);
        double extent = high - low;
        double pad = extent > 1e-9 * Math.max(Math.abs(low), Math.abs(high)) ? extent * margin
                : Math.max(1e-6, Math.max(Math.abs(low), Math.abs(high)) * 0.1);
        return new Range(low - pad, high + pad);
    }

    /** Hardly further than the ends of a scale, e.g. 0 to 100 %: just so far that a point on an end is seen whole. */
    Range within(double least, double most) {
        double beyond = 0.02 * extent();
        return new Range(Math.max(least - beyond, low), Math.min(most + beyond, high));
    }

    double extent() {
        return high - low;
    }

    /** A step of 1, 2 or 5 times a power of ten, for about so many to the range. */
    double step(int count) {
        double rough = extent() / count;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double digit = rough / power;
        return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
    }

    /** The multiples of {@link #step} inside. */
    double[] ticks(int count) {
        double step = step(count);
        long first = (long) Math.ceil(low / step - 1e-9);
        long last = (long) Math.floor(high / step + 1e-9);
        return DoubleStream.iterate(first, i -> i <= last, i -> i + 1).map(i -> i * step).toArray();
    }
}
