package dev.promptgate.benchmarks.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.promptgate.clip.config.ClipConfig;
import dev.promptgate.clip.config.ClipConfig.Activation;
import dev.promptgate.clip.config.ClipConfig.TextShape;
import dev.promptgate.clip.config.ClipConfig.TowerShape;
import dev.promptgate.clip.config.ClipConfig.VisionShape;
import dev.promptgate.clip.text.PromptSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class MatrixWorkTest {
    private static final ClipConfig VIT_B_16 = new ClipConfig(new TextShape(tower(512), 49408, 77, 49406, 49407),
            new VisionShape(tower(768), 224, 16), 512);

    /** 17.58 billion multiply-adds are published for ViT-B/16, a twelfth of which the last layer saves but for keys and values. */
    @Test
    void anImageOfVitB16() {
        double tokens = 197;
        double savedInLastLayer = 2 * (tokens - 1) * (2 * 768 * 768 + 8 * 768 * 768) + 4 * (tokens - 1) * tokens * 768;
        assertEquals(2 * 17.58e9 - savedInLastLayer, MatrixWork.image(VIT_B_16), 0.01 * 2 * 17.58e9);
    }

    /** A prompt alone: its tokens pass eleven layers whole, and the last one as keys and values. */
    @Test
    void aGradientOfOnePrompt() {
        double tokens = 1 + 4 + 3;
        double whole = tokens * 24 * 512 * 512;
        double last = tokens * 4 * 512 * 512 + 20 * 512 * 512;
        double attention = 4 * 512 * (5 * 5 + 3 * 8);
        double forward = 11 * (whole + attention) + last + attention / tokens;
        assertEquals(2 * forward, MatrixWork.gradient(VIT_B_16, new PromptSet(List.of("cat"), 4, new int[][] {{1, 2, 3}})), 1);
    }

    private static TowerShape tower(int width) {
        return new TowerShape(width, 4 * width, 12, width / 64, Activation.QUICK_GELU, 1e-5f);
    }
}
