package dev.promptgate.experiments.features;

import dev.promptgate.clip.digest.Sha256;
import dev.promptgate.experiments.features.FeatureSet.Sample;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Wrong labels of training images: symmetric noise, under which every other class is equally likely (arXiv 1805.07836, section 4). */
public final class LabelNoise {
    private LabelNoise() {}

    /**
     * The samples, each with a wrong label with probability {@code rate}. Which ones depends on the seed and the image alone, so that the
     * images with wrong labels at a rate are among those at a higher one.
     */
    public static List<Sample> symmetric(List<Sample> samples, int classes, double rate, long seed) {
        return rate == 0 ? samples : samples.stream().map(sample -> {
            ByteBuffer hash = ByteBuffer.wrap(Sha256.of((seed + " label " + sample.id()).getBytes(StandardCharsets.UTF_8)));
            boolean wrong = (hash.getLong() >>> 1) < rate * Long.MAX_VALUE;
            int other = (sample.classIndex() + 1 + (int) Math.floorMod(hash.getLong(), classes - 1L)) % classes;
            return wrong ? new Sample(sample.id(), other, sample.views()) : sample;
        }).toList();
    }
}
