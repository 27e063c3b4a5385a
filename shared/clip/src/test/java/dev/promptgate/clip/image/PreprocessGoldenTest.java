package dev.promptgate.clip.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.testing.GoldenFolders;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Crops equal to those of Pillow and torchvision. */
class PreprocessGoldenTest {
    private static final float[] ONES = {1, 1, 1};

    @TestFactory
    List<DynamicTest> cropsArePillows() throws IOException {
        Path folder = GoldenFolders.committed("preprocess");
        List<DynamicTest> tests = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path expected : files.filter(f -> f.getFileName().toString().startsWith("expected-"))
                    .filter(f -> f.toString().endsWith(".png"))
                    .sorted().toList()) {
                tests.add(DynamicTest.dynamicTest(expected.getFileName().toString(), () -> compare(folder, expected)));
            }
        }
        return tests;
    }

    private static void compare(Path folder, Path expected) throws Exception {
        String[] parts = expected.getFileName().toString().split("-", 3); // expected-{size}-{name}.png
        int size = Integer.parseInt(parts[1]);
        String name = parts[2].substring(0, parts[2].length() - ".png".length());
        Path source = Files.exists(folder.resolve(name + ".jpg")) ? folder.resolve(name + ".jpg") : folder.resolve(name + ".png");
        byte[] actual = new ImagePreprocessor(size, ONES, ONES, Resizing.CLIP, ImageLimits.DEFAULT).rgbCrop(Files.readAllBytes(source));
        double difference = meanDifference(actual, ImageIO.read(expected.toFile()), size);
        double allowed = name.startsWith("photo") ? 0.5 : 1;
        System.out.printf("preprocess %s at %d: mean absolute difference %.4f levels%n", name, size, difference);
        assertTrue(difference <= allowed, "mean absolute difference is " + difference);
    }

    private static double meanDifference(byte[] actual, BufferedImage expected, int size) {
        assertEquals(size, expected.getWidth());
        double sum = 0;
        for (int i = 0; i < size * size; i++) {
            int rgb = expected.getRGB(i % size, i / size);
            for (int c = 0; c < 3; c++) {
                sum += Math.abs((actual[3 * i + c] & 0xFF) - (rgb >> (16 - 8 * c) & 0xFF));
            }
        }
        return sum / (3.0 * size * size);
    }
}
