package dev.promptgate.benchmarks;

import dev.promptgate.cli.inspect.RandomStep;
import dev.promptgate.clip.scoring.ClassScorer;
import dev.promptgate.learning.suspect.Prediction;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.Warmup;

/** What looking for suspected labels costs an image of 512 dimensions, beside scoring it, which every comparison of prompts does. */
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PredictionBenchmark extends AverageTimeBenchmark {
    private static final int DIM = 512;
    private static final float LOGIT_SCALE = 100;

    @Param({"100", "1000", "10000"})
    public int classes;

    private float[] image;
    private ClassScorer scorer;

    @Setup
    public void open() {
        SplittableRandom random = new SplittableRandom(1);
        float[][] text = new float[classes][];
        for (int c = 0; c < classes; c++) {
            text[c] = RandomStep.unitVector(DIM, random);
        }
        image = RandomStep.unitVector(DIM, random);
        scorer = new ClassScorer(text);
    }

    @Benchmark
    public float[] score() {
        return scorer.score(image);
    }

    @Benchmark
    public Prediction predict() {
        return Prediction.of(image, 0, scorer, LOGIT_SCALE);
    }
}
