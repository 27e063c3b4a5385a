package dev.promptgate.clip;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.promptgate.clip.config.ClipConfig;
import dev.promptgate.clip.digest.Fingerprint;
import dev.promptgate.clip.engine.ComputeDevice;
import dev.promptgate.clip.engine.ComputeOptions;
import dev.promptgate.clip.engine.ComputeOptions.Precision;
import dev.promptgate.clip.engine.NativeHeap;
import dev.promptgate.clip.failure.ModelException;
import dev.promptgate.clip.hub.ModelFiles;
import dev.promptgate.clip.image.ImagePreprocessor;
import dev.promptgate.clip.layout.ModelLayout;
import dev.promptgate.clip.text.TextEncoder;
import dev.promptgate.clip.tokenizer.ClipTokenizer;
import dev.promptgate.clip.transformer.ImageTower;
import dev.promptgate.clip.transformer.TextTower;
import dev.promptgate.clip.vision.ImageEncoder;
import dev.promptgate.clip.vision.PrecisionCheck;
import dev.promptgate.clip.weights.LoadedWeights;
import dev.promptgate.clip.weights.WeightSource;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A frozen CLIP: image encoder, prompted text encoder, tokenizer and preprocessing. Thread-safe. Whoever loads it closes it, which releases
 * all native memory.
 */
public final class ClipModel implements PromptModel, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClipModel.class);

    /** CLIP's training bounds it by 100; fine-tuning without a bound goes a little beyond. */
    private static final float MAX_LOGIT_SCALE = 1000;

    private final ClipConfig config;
    private final NDManager root;
    private final String fingerprint;
    private final String imageFingerprint;
    private final float logitScale;
    private final ImagePreprocessor preprocessor;
    private final ImageEncoder imageEncoder;
    private final TextEncoder textEncoder;
    private final ComputeDevice device;
    private final Precision precision;

    /** Without a tokenizer prompts are made from token ids only. */
    public ClipModel(ClipConfig config, WeightSource source, ComputeOptions options, ImagePreprocessor preprocessor,
            Optional<ClipTokenizer> tokenizer) {
        this.config = config;
        this.preprocessor = preprocessor;
        device = ComputeDevice.open(options);
        root = device.newManager();
        try {
            Fingerprint identity = new Fingerprint(config.toString());
            LoadedWeights weights = new LoadedWeights(source, root, options.dataType(), identity);
            ImageTower imageTower = new ImageTower(config.vision(), config.featureDim(), weights);
            TextTower textTower = new TextTower(config.text(), config.featureDim(), weights);
            try (NDManager scratch = root.newSubManager()) {
                NDArray scale = weights.read(scratch, "logit_scale", new Shape());
                logitScale = (float) Math.exp(scale.toFloatArray()[0]);
            }
            if (!(logitScale > 0 && logitScale <= MAX_LOGIT_SCALE)) {
                throw new ModelException("The weights are not a CLIP's, or damaged: exp(logit_scale) must lie in (0, %.0f] [found: %s]"
                        .formatted(MAX_LOGIT_SCALE, logitScale));
            }
            fingerprint = identity.value();
            imageEncoder = checked(new ImageEncoder(imageTower, config.vision(), root, options.dataType(), false));
            precision = imageEncoder.inBfloat16() || device.precision() != Precision.BFLOAT16 ? device.precision() : Precision.FLOAT32;
            imageFingerprint = new Fingerprint("%s %s %s".formatted(fingerprint, preprocessor, precision)).value();
            textEncoder = new TextEncoder(textTower, config.text(), root, options.dataType(), tokenizer.orElse(null),
                    "The model has no tokenizer; put tokenizer.json, or vocab.json and merges.txt, beside the weights, or name another"
                            + " model's in model.tokenizer [fingerprint: " + fingerprint + "]");
        } catch (RuntimeException e) {
            root.close();
            throw e;
        }
    }

    /** The encoder in bfloat16, if that is asked for and its features hold against float32's. */
    private ImageEncoder checked(ImageEncoder float32) {
        if (device.precision() != Precision.BFLOAT16) {
            return float32;
        }
        ImageEncoder bfloat16 = float32.inBfloat16(true);
        double cosine = PrecisionCheck.leastCosine(bfloat16, float32);
        if (!(cosine >= PrecisionCheck.LEAST_COSINE)) {
            LOG.warn("Image features in bfloat16 are too far from float32's: images are encoded in float32"
                    + " [least cosine of 16 images: {}, must be: {}]", cosine, PrecisionCheck.LEAST_COSINE);
            return float32;
        }
        LOG.info("Images are encoded in bfloat16 [least cosine of 16 images with float32: {}]", cosine);
        return bfloat16;
    }

    /** Loads a directory, or a file of weights with what lies beside it, in any layout of {@link ModelLayout}. */
    public static ClipModel load(Path location, ComputeOptions options) {
        return load(new ModelFiles(location, Optional.empty()), options);
    }

    /** The same of a model whose tokenizer may lie elsewhere. */
    public static ClipModel load(ModelFiles files, ComputeOptions options) {
        return load(files, options, ImagePreprocessor.WHOLE);
    }

    /** The same with a {@link ImagePreprocessor#withJpegReducingGap reducing gap} for JPEG. */
    public static ClipModel load(ModelFiles files, ComputeOptions options, double jpegReducingGap) {
        ComputeDevice.open(options); // what is wrong with the machine is told before what is wrong with a file
        try (ModelLayout layout = ModelLayout.open(files.location())) {
            Optional<ClipTokenizer> tokenizer = ClipTokenizer.find(files.tokenizer().orElse(layout.directory()));
            tokenizer.ifPresent(found -> found.check(layout.config().text()));
            files.tokenizer().flatMap(borrowed -> tokenizer).ifPresent(found -> found.checkBorrowed(layout.config().text()));
            ImagePreprocessor preprocessor = ImagePreprocessor.read(layout.preprocessing(), layout.config().vision().imageSize());
            return new ClipModel(layout.config(), layout.weights(), options, preprocessor.withJpegReducingGap(jpegReducingGap), tokenizer);
        }
    }

    public ClipConfig config() {
        return config;
    }

    /** See {@link Fingerprint}. */
    @Override
    public String fingerprint() {
        return fingerprint;
    }

    /** {@code sha256:…} of all that an image's feature depends on beside the image: {@link #fingerprint()}, preprocessing and precision. */
    public String imageFingerprint() {
        return imageFingerprint;
    }

    @Override
    public float logitScale() {
        return logitScale;
    }

    /** What images are encoded in: bfloat16 only if it was asked for and its features hold against float32's. */
    public Precision precision() {
        return precision;
    }

    public ComputeDevice device() {
        return device;
    }

    @Override
    public int featureDim() {
        return config.featureDim();
    }

    @Override
    public int textWidth() {
        return config.text().tower().width();
    }

    public ImagePreprocessor preprocessor() {
        return preprocessor;
    }

    public ImageEncoder imageEncoder() {
        return imageEncoder;
    }

    @Override
    public TextEncoder textEncoder() {
        return textEncoder;
    }

    /** Native arrays now alive under this model: its weights and those of passes under way. */
    public long managedArrays() {
        return root.getManagedArrays().size();
    }

    @Override
    public void trim() {
        NativeHeap.trim();
    }

    @Override
    public void close() {
        root.close();
    }
}
