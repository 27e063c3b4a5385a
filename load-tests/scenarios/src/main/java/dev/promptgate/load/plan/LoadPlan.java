package dev.promptgate.load.plan;

import dev.promptgate.clip.failure.Violations;

/**
 * What is sent, when.
 *
 * @param classSkew exponent of Zipf's law over classes; 0 makes all alike
 * @param keySkew exponent of Zipf's law over partitions, as hot keys make them uneven; 0 leaves it to Kafka's partitioner
 * @param duplicateShare part of the records whose id was sent before
 * @param poisonShare part of the records that cannot be used
 */
public record LoadPlan(Scenario scenario, RateProfile rate, ClassArrivals classes, double classSkew, double keySkew, double duplicateShare,
        double poisonShare, long seed) {
    /** The most records of a run, since each is accounted for in memory. */
    public static final long MOST_IMAGES = 2_000_000;
    public static final double MOST_SECONDS = 24 * 3600.0;

    /** @throws IllegalArgumentException naming every violation */
    public LoadPlan {
        new Violations()
                .unless(rate.images() >= 1 && rate.images() <= MOST_IMAGES,
                        "a run sends 1 to %d images; change --rate or --duration [images: %d]".formatted(MOST_IMAGES, rate.images()))
                .unless(rate.seconds() <= MOST_SECONDS,
                        "a run lasts a day at most; change --duration [seconds: %.0f]".formatted(rate.seconds()))
                .unless(classSkew >= 0 && classSkew <= 5 && keySkew >= 0 && keySkew <= 5,
                        "--class-skew and --key-skew are exponents from 0 to 5 [class skew: %s, key skew: %s]".formatted(classSkew,
                                keySkew))
                .unless(duplicateShare >= 0 && duplicateShare <= 0.9 && poisonShare >= 0 && poisonShare <= 0.9,
                        "--duplicates and --poison are parts from 0 to 0.9 [duplicates: %s, poison: %s]".formatted(duplicateShare,
                                poisonShare))
                .refuse();
    }
}
