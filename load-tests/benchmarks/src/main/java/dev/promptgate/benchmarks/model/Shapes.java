package dev.promptgate.benchmarks.model;

import dev.promptgate.clip.config.ClipConfig.Activation;
import dev.promptgate.clip.config.ClipConfig.TextShape;
import dev.promptgate.clip.config.ClipConfig.TowerShape;
import dev.promptgate.clip.config.ClipConfig.VisionShape;
import dev.promptgate.clip.config.ClipConfig;

/** Shapes of CLIP by name, for models of random weights. */
public final class Shapes {
    public static final String NAMES = "vit-b-16 | vit-b-32 | mini";

    private Shapes() {}

    public static ClipConfig named(String name) {
        ClipConfig b16 = ClipConfig.vitB16();
        return switch (name) {
            case "vit-b-16" -> b16;
            case "vit-b-32" -> new ClipConfig(b16.text(), new VisionShape(b16.vision().tower(), 224, 32), b16.featureDim());
            case "mini" -> new ClipConfig(
                    new TextShape(new TowerShape(128, 512, 4, 2, Activation.QUICK_GELU, 1e-5f), 4096, 77, 4094, 4095),
                    new VisionShape(new TowerShape(192, 768, 6, 3, Activation.QUICK_GELU, 1e-5f), 48, 12), 128);
            default -> throw new IllegalArgumentException("Unknown shape; use " + NAMES + " [shape: " + name + "]");
        };
    }
}
