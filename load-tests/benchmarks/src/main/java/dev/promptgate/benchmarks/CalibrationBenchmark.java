package dev.promptgate.benchmarks;

import dev.promptgate.cli.inspect.RandomStep;
import dev.promptgate.clip.scoring.ClassScorer;
import dev.promptgate.learning.calibration.Calibration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to calibrate a prompt on as many images as the evaluator draws, beside scoring these images of 512 dimensions. */
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CalibrationBenchmark extends AverageTimeBenchmark {
    private static final int DIM = 512;
    private static final float LOGIT_SCALE = 100;
    private static final int MOST_IMAGES = 2_000;
    private static final int MOST_LOGITS = 4 << 20;

    @Param({"100", "1000", "10000"})
    public int classes;

    private float[][] images;
    private float[][] logits;
    private int[] labels;
    private ClassScorer scorer;

    @Setup
    public void open() {
        SplittableRandom random = new SplittableRandom(1);
        float[][] text = new float[classes][];
        for (int c = 0; c < classes; c++) {
            text[c] = RandomStep.unitVector(DIM, random);
        }
        scorer = new ClassScorer(text);
        images = new float[Math.min(MOST_IMAGES, MOST_LOGITS / classes)][];
        for (int i = 0; i < images.length; i++) {
            images[i] = RandomStep.unitVector(DIM, random);
        }
        logits = score();
        labels = new int[images.length];
        for (int i = 0; i < labels.length; i++) { // half of the labels are the answers
            labels[i] = i % 4 < 2 ? ClassScorer.best(logits[i], 0, classes) : random.nextInt(classes);
        }
    }

    @Benchmark
    public float[][] score() {
        float[][] scores = new float[images.length][classes];
        for (int i = 0; i < images.length; i++) {
            scorer.score(images[i], LOGIT_SCALE, scores[i]);
        }
        return scores;
    }

    @Benchmark
    public Calibration calibrate() {
        return Calibration.of(logits, labels, temperature -> new double[0], 0.05);
    }
}
