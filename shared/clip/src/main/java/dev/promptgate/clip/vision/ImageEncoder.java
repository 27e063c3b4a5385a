package dev.promptgate.clip.vision;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.promptgate.clip.config.ClipConfig.VisionShape;
import dev.promptgate.clip.engine.MatrixUnits;
import dev.promptgate.clip.transformer.ImageTower;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * CLIP's image encoder, batched; passes get sub-managers of {@code root}. Thread-safe; closed with its model.
 *
 * @param type of the tower's weights
 * @param inBfloat16 whether matrix products are in bfloat16
 */
public record ImageEncoder(ImageTower tower, VisionShape shape, NDManager root, DataType type, boolean inBfloat16) {
    /** The same weights in another precision of matrix products. */
    public ImageEncoder inBfloat16(boolean on) {
        return new ImageEncoder(tower, shape, root, type, on);
    }

    /** L2-normalised features [images][dim] of preprocessed images, each [3·size·size] in CHW order. */
    public float[][] encode(List<float[]> pixels) {
        return encode(pixels, pixels.size());
    }

    /**
     * The same with the batch filled up to {@code padTo} images, so that a GPU sees one shape only.
     *
     * @throws IllegalArgumentException if an image has another size than the model's, or there are more than {@code padTo}
     */
    public float[][] encode(List<float[]> pixels, int padTo) {
        if (pixels.isEmpty()) {
            return new float[0][];
        }
        int size = shape.imageSize();
        int each = 3 * size * size;
        if (padTo < pixels.size() || pixels.stream().anyMatch(image -> image.length != each)) {
            throw new IllegalArgumentException(
                    "Images must be preprocessed to the model's size and fit the batch [size: %d, images: %d, batch: %d]"
                            .formatted(size, pixels.size(), padTo));
        }
        FloatBuffer buffer = ByteBuffer.allocateDirect(padTo * each * Float.BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer();
        pixels.forEach(buffer::put);
        buffer.rewind();
        try (MatrixUnits.Region region = inBfloat16 ? MatrixUnits.bfloat16() : MatrixUnits.float32();
                NDManager pass = root.newSubManager()) {
            NDArray batch = pass.create(buffer, new Shape(padTo, 3, size, size)).toType(type, false);
            float[] flat = tower.features(batch).toType(DataType.FLOAT32, false).toFloatArray();
            int dim = flat.length / padTo;
            float[][] features = new float[pixels.size()][];
            for (int i = 0; i < features.length; i++) {
                features[i] = Arrays.copyOfRange(flat, i * dim, (i + 1) * dim);
            }
            return features;
        }
    }
}
