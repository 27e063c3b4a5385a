package dev.promptgate.learning.accuracy;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The figures of continual learning over the waves of newly trained classes. A wave is the classes that one rollout was the first to
 * contain; a<sub>t,c</sub> is the accuracy on class c, among all classes seen by then, of the prompt rolled out t-th.
 *
 * <p>Average accuracy: the mean over waves of the mean over a wave's classes of the live prompt's accuracy (ACC of Lopez-Paz and Ranzato
 * 2017, arXiv 1706.08840).
 *
 * <p>Forgetting of class c: max<sub>t&lt;T</sub> a<sub>t,c</sub> − a<sub>T,c</sub> (Chaudhry et al. 2018, arXiv 1801.10112); negative if
 * the live prompt is the best so far.
 *
 * <p>Backward transfer: the mean over earlier waves of a wave's accuracy now minus that of the rollout which introduced it (BWT of
 * Lopez-Paz and Ranzato).
 *
 * <p>The label space grows with the waves, so some forgetting is nothing but more names to confuse: the same figures of the hand-written
 * prompt, which learns and forgets nothing, tell how much. Not thread-safe.
 */
public final class WaveAccuracies {
    /**
     * A class over the rollouts.
     *
     * @param wave counted from 1
     * @param introduced accuracy by the first rollout that contains it
     * @param best highest accuracy by a rollout before the last; NaN if the last is its first
     * @param current accuracy of the live prompt as last measured
     */
    public record History(int wave, double introduced, double best, double rolledOut, double current) {
        /** How much of its best accuracy the class has lost; NaN where there is no earlier rollout. */
        public double forgetting() {
            return best - current;
        }
    }

    /** The figures as they stand; NaN where there is nothing to tell. Forgetting is of classes that an earlier rollout contained. */
    public record Figures(int waves, double averageAccuracy, double meanForgetting, double backwardTransfer) {}

    private final Map<String, History> byClass = new TreeMap<>();

    public WaveAccuracies() {}

    public WaveAccuracies(Map<String, History> histories) {
        byClass.putAll(histories);
    }

    /** A rollout; classes that no earlier one contained make the next wave. */
    public void rollOut(Map<String, Double> accuracyByClass) {
        int next = waves() + 1;
        accuracyByClass.forEach((name, accuracy) -> {
            History before = byClass.get(name);
            byClass.put(name, before == null ? new History(next, accuracy, Double.NaN, accuracy, accuracy)
                    : new History(before.wave(), before.introduced(),
                            Double.isNaN(before.best()) ? before.rolledOut() : Math.max(before.best(), before.rolledOut()),
                            accuracy, accuracy));
        });
    }

    /** The live prompt was measured; classes that no rollout contained are passed over. */
    public void measure(Map<String, Double> accuracyByClass) {
        accuracyByClass.forEach((name, accuracy) -> byClass.computeIfPresent(name,
                (key, h) -> new History(h.wave(), h.introduced(), h.best(), h.rolledOut(), accuracy)));
    }

    /** A rollback: classes that the prompt which is live again was not trained on are forgotten here, too. */
    public void retain(Collection<String> classes) {
        byClass.keySet().retainAll(classes);
    }

    private int waves() {
        return byClass.values().stream().mapToInt(History::wave).max().orElse(0);
    }

    public Figures figures() {
        int waves = waves();
        double[] now = IntStream.rangeClosed(1, waves).mapToDouble(wave -> mean(wave, History::current)).toArray();
        return new Figures(waves, mean(DoubleStream.of(now)),
                mean(byClass.values().stream().mapToDouble(History::forgetting).filter(f -> !Double.isNaN(f))),
                mean(IntStream.range(1, waves).mapToDouble(wave -> now[wave - 1] - mean(wave, History::introduced))));
    }

    private double mean(int wave, ToDoubleFunction<History> figure) {
        return mean(byClass.values().stream().filter(h -> h.wave() == wave).mapToDouble(figure));
    }

    private static double mean(DoubleStream values) {
        return values.average().orElse(Double.NaN);
    }

    /** Each class's history, in the order of names. */
    public Map<String, History> histories() {
        return Collections.unmodifiableMap(byClass);
    }
}
