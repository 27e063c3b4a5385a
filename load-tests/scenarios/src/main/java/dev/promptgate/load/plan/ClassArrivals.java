package dev.promptgate.load.plan;

/**
 * When classes come: some are there from the beginning, the others follow evenly within a window.
 *
 * @param from seconds at which the first further class comes
 * @param seconds until the last one has come
 * @param freshShare of the images, while classes are coming, the part that shows one of the newest: a new class is labelled when it is new
 */
public record ClassArrivals(int initial, int total, double from, double seconds, double freshShare) {
    /** So many of the newest classes share the fresh images. */
    static final int FRESH_WINDOW = 20;
    /** Of the initial classes one in so many is a probe class, never trained. */
    static final int PROBE_ONE_IN = 6;

    /** @throws IllegalArgumentException if the numbers contradict each other */
    public ClassArrivals {
        if (initial < 1 || total < initial || total > LabelList.MOST || !(from >= 0) || !(seconds >= 0)
                || !(freshShare >= 0 && freshShare <= 1)) {
            throw new IllegalArgumentException("Classes must be 1 to %d, at the end no fewer than at the beginning [initial: %d, total: %d]"
                    .formatted(LabelList.MOST, initial, total));
        }
    }

    /** Classes that have come by then. */
    int arrived(double atSeconds) {
        if (total == initial || atSeconds < from) {
            return initial;
        }
        double part = seconds == 0 ? 1 : Math.min(1, (atSeconds - from) / seconds);
        return initial + (int) Math.floor(part * (total - initial) + 1e-9);
    }

    boolean isArriving(double atSeconds) {
        return total > initial && atSeconds >= from && atSeconds <= from + seconds;
    }

    boolean isProbe(int index) {
        return index < initial && index % PROBE_ONE_IN == PROBE_ONE_IN - 1;
    }
}
