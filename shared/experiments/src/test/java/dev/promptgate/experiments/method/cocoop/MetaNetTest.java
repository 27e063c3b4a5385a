package dev.promptgate.experiments.method.cocoop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MetaNetTest {
    private static final int OFFSET = 3;

    @Test
    void theShiftIsThePapersFormula() {
        MetaNet net = new MetaNet(2, 2, 1);
        // W1 = [[1, 2], [-1, 0]], b1 = [0.5, 0.25], W2 = [[2, 5]], b2 = [0.1]
        float[] parameters = {9, 9, 9, 1, 2, -1, 0, 0.5f, 0.25f, 2, 5, 0.1f};
        // relu(1·3 + 2·4 + 0.5) = 11.5, relu(-3 + 0.25) = 0
        assertArrayEquals(new float[] {23.1f}, net.shift(parameters, OFFSET, new float[] {3, 4}), 1e-5f);
        assertEquals(9, net.size());
    }

    @Test
    void theBottleneckIsASixteenth() {
        assertEquals(new MetaNet(512, 32, 256), MetaNet.between(512, 256));
        assertEquals(1, MetaNet.between(8, 4).hidden());
    }

    @Test
    void theInitialisationIsPyTorchsAndSeeded() {
        MetaNet net = MetaNet.between(64, 32); // 4 hidden units
        float[] parameters = initialised(net, 1);
        assertArrayEquals(parameters, initialised(net, 1));
        assertTrue(Arrays.mismatch(parameters, initialised(net, 2)) >= 0);
        assertWithin(parameters, 0, 64 * 4 + 4, 1 / Math.sqrt(64));
        assertWithin(parameters, 64 * 4 + 4, net.size(), 1 / Math.sqrt(4));
    }

    /** Within the bound, and close to it somewhere. */
    private static void assertWithin(float[] parameters, int from, int to, double bound) {
        double largest = 0;
        for (int i = from; i < to; i++) {
            largest = Math.max(largest, Math.abs(parameters[i]));
        }
        assertTrue(largest <= bound && largest > 0.9 * bound, largest + " of " + bound);
    }

    @Test
    void theGradientIsThatOfFiniteDifferences() {
        MetaNet net = new MetaNet(6, 3, 4);
        float[] parameters = new float[OFFSET + net.size()];
        net.initialise(parameters, OFFSET, 5);
        float[] image = gaussians(6, 1);
        float[] byShift = gaussians(4, 2);
        float[] gradient = new float[parameters.length];
        net.backward(parameters, OFFSET, image, byShift, gradient);
        for (int i = 0; i < parameters.length; i++) {
            double slope = (along(net, plus(parameters, i, 1e-2f), image, byShift)
                    - along(net, plus(parameters, i, -1e-2f), image, byShift)) / 2e-2;
            assertEquals(slope, gradient[i], 1e-3, "parameter " + i);
        }
    }

    @Test
    void gradientsAreAdded() {
        MetaNet net = new MetaNet(6, 3, 4);
        float[] parameters = initialised(net, 3);
        float[] once = new float[parameters.length];
        float[] twice = new float[parameters.length];
        net.backward(parameters, 0, gaussians(6, 1), gaussians(4, 2), once);
        for (int i = 0; i < 2; i++) {
            net.backward(parameters, 0, gaussians(6, 1), gaussians(4, 2), twice);
        }
        for (int i = 0; i < once.length; i++) {
            assertEquals(2 * once[i], twice[i], 1e-5f);
        }
    }

    private static float[] initialised(MetaNet net, long seed) {
        float[] parameters = new float[net.size()];
        net.initialise(parameters, 0, seed);
        return parameters;
    }

    private static double along(MetaNet net, float[] parameters, float[] image, float[] direction) {
        float[] shift = net.shift(parameters, OFFSET, image);
        double sum = 0;
        for (int i = 0; i < shift.length; i++) {
            sum += (double) shift[i] * direction[i];
        }
        return sum;
    }

    private static float[] plus(float[] values, int at, float step) {
        float[] moved = values.clone();
        moved[at] += step;
        return moved;
    }

    private static float[] gaussians(int size, long seed) {
        Random random = new Random(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
