package dev.promptgate.benchmarks;

import dev.promptgate.benchmarks.model.RandomModel;
import dev.promptgate.bundled.SampleStream;
import dev.promptgate.clip.engine.ComputeOptions;
import dev.promptgate.clip.image.ImageRejectedException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.Warmup;

/** CLIP's image tower on a batch of preprocessed images. */
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 3)
@Measurement(iterations = 5, time = 3)
public class EncodeBenchmark extends AverageTimeBenchmark {
    @Param({"mini", "vit-b-16"})
    public String model;

    @Param({"1", "32"})
    public int batch;

    private List<float[]> pixels;

    /** Loads the model and preprocesses the images. */
    @Setup
    public void open() throws ImageRejectedException {
        clip = RandomModel.of(model, ComputeOptions.cpu());
        pixels = new ArrayList<>();
        for (byte[] file : SampleStream.files(batch)) {
            pixels.add(clip.preprocessor().preprocess(file));
        }
    }

    @Benchmark
    public float[][] encode() {
        return clip.imageEncoder().encode(pixels);
    }
}
