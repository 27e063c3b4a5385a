package dev.promptgate.benchmarks;

import dev.promptgate.benchmarks.model.RandomModel;
import dev.promptgate.bundled.SampleStream;
import dev.promptgate.clip.engine.ComputeOptions;
import dev.promptgate.clip.image.ImageRejectedException;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.Warmup;

/** Decoding a JPEG file, resizing and normalising it, as the bundled model wants it. */
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class DecodeBenchmark extends AverageTimeBenchmark {
    /** Width and height of the file; {@code sample} is a file of the sample stream as it is. */
    @Param({"sample", "640x480", "3000x2000"})
    public String size;

    private byte[] file;

    @Setup
    public void open() throws IOException {
        clip = RandomModel.of("mini", ComputeOptions.cpu());
        byte[] sample = SampleStream.files(1).get(0);
        file = size.equals("sample") ? sample : enlarged(sample, size.split("x"));
    }

    private static byte[] enlarged(byte[] sample, String[] size) throws IOException {
        BufferedImage image = new BufferedImage(Integer.parseInt(size[0]), Integer.parseInt(size[1]), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.drawImage(ImageIO.read(new ByteArrayInputStream(sample)), 0, 0, image.getWidth(), image.getHeight(), null);
        graphics.dispose();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "jpg", bytes);
        return bytes.toByteArray();
    }

    @Benchmark
    public float[] decode() throws ImageRejectedException {
        return clip.preprocessor().preprocess(file);
    }
}
