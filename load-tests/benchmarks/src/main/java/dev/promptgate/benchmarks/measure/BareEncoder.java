package dev.promptgate.benchmarks.measure;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.image.ImageRejectedException;
import dev.promptgate.clip.vision.ImageEncoder;
import java.util.ArrayList;
import java.util.List;

/** The image encoder alone, on pixels that are ready. Blocking. */
public final class BareEncoder {
    private final ClipModel model;
    private final int batchSize;
    private double decodeMillis;

    public BareEncoder(ClipModel model, int batchSize) {
        this.model = model;
        this.batchSize = batchSize;
    }

    public List<float[]> preprocess(List<byte[]> files) throws ImageRejectedException {
        List<float[]> pixels = new ArrayList<>();
        long began = 0;
        for (int round = 0; round < 2; round++) { // the first warms up
            pixels.clear();
            began = System.nanoTime();
            for (byte[] file : files) {
                pixels.add(model.preprocessor().preprocess(file));
            }
        }
        decodeMillis = (System.nanoTime() - began) / 1e6 / files.size();
        return pixels;
    }

    public double imagesPerSecond(List<float[]> pixels) {
        return imagesPerSecond(model.imageEncoder(), pixels);
    }

    /** The same of the model's weights in float32, whatever the model computes in. */
    public double float32ImagesPerSecond(List<float[]> pixels) {
        return imagesPerSecond(model.imageEncoder().inBfloat16(false), pixels);
    }

    private double imagesPerSecond(ImageEncoder encoder, List<float[]> pixels) {
        long began = System.nanoTime();
        for (int i = 0; i < pixels.size(); i += batchSize) {
            encoder.encode(pixels.subList(i, Math.min(pixels.size(), i + batchSize)));
        }
        return pixels.size() / ((System.nanoTime() - began) / 1e9);
    }

    /** Decoding and preprocessing of an image, on one thread. */
    public double decodeMillis() {
        return decodeMillis;
    }
}
