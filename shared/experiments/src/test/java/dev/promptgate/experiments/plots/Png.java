package dev.promptgate.experiments.plots;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/** A plot as a reader of the file sees it. */
record Png(BufferedImage image) {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

    static Png read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        if (!Arrays.equals(SIGNATURE, Arrays.copyOf(bytes, SIGNATURE.length))) {
            throw new IOException("Not a PNG: " + file);
        }
        return new Png(ImageIO.read(file.toFile()));
    }

    int width() {
        return image.getWidth();
    }

    int height() {
        return image.getHeight();
    }

    /** Pixels of exactly this colour, in a part of the width. */
    long count(Color colour, double fromX, double toX) {
        return pixels(colour).filter(i -> i % width() >= fromX * width() && i % width() < toX * width()).count();
    }

    /** Pixels close to a colour: a thin oblique line has few that are exactly its own. */
    long countNear(Color colour) {
        return IntStream.range(0, width() * height()).mapToObj(i -> new Color(image.getRGB(i % width(), i / width())))
                .filter(c -> distance(c, colour) < 45).count();
    }

    private static int distance(Color a, Color b) {
        return Math.abs(a.getRed() - b.getRed()) + Math.abs(a.getGreen() - b.getGreen()) + Math.abs(a.getBlue() - b.getBlue());
    }

    long count(Color colour) {
        return count(colour, 0, 1);
    }

    /** Where these pixels lie on average; left of {@code limit}, so that legends do not count. */
    double meanX(Color colour, int limit) {
        return pixels(colour).map(i -> i % width()).filter(x -> x < limit).average().orElseThrow();
    }

    double meanY(Color colour, int limit) {
        return pixels(colour).filter(i -> i % width() < limit).map(i -> i / width()).average().orElseThrow();
    }

    Color at(double x, double y) {
        return new Color(image.getRGB((int) (x * width()), (int) (y * height())));
    }

    private IntStream pixels(Color colour) {
        return IntStream.range(0, width() * height()).filter(i -> image.getRGB(i % width(), i / width()) == colour.getRGB());
    }
}
