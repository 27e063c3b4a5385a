package dev.promptgate.load.plan;

import dev.promptgate.load.plan.RateProfile.Piece;
import dev.promptgate.messaging.record.WireName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The shapes of load there are, each with its rate and duration unless others are given. */
public enum Scenario implements WireName {
    /** One rate after a ramp; 60 classes, a further one every five seconds. */
    STEADY(60, 60),
    /** A low rate, and five times as much for 5 s out of every 20. */
    BURST(40, 80) {
        @Override
        RateProfile rate(double rate, double seconds, double ramp) {
            List<Piece> pieces = new ArrayList<>();
            for (double at = 0; at < seconds; at += BURST_PERIOD) {
                double calm = Math.min(BURST_PERIOD - BURST_SECONDS, seconds - at);
                pieces.add(new Piece(calm, rate, rate));
                double burst = Math.min(BURST_SECONDS, seconds - at - calm);
                if (burst > 0) {
                    pieces.add(new Piece(burst, BURST_TIMES * rate, BURST_TIMES * rate));
                }
            }
            return new RateProfile(pieces);
        }
    },
    /** A moderate rate for an hour: does anything grow. */
    SOAK(25, 3600),
    /** 1,000 new classes within a minute (or within 4/5 of --duration), each with some 13 images at once. */
    NEW_CLASS_STORM(250, 75) {
        @Override
        RateProfile rate(double rate, double seconds, double ramp) {
            return new RateProfile(List.of(new Piece(seconds, rate, rate)));
        }

        @Override
        ClassArrivals classes(double seconds) {
            return new ClassArrivals(60, 1_060, 0, 0.8 * seconds, 0.9);
        }
    },
    /** As steady, but the evaluator is stopped (SIGSTOP) from a fifth of the time to seven tenths. */
    SLOW_CONSUMER(60, 60);

    private static final double BURST_PERIOD = 20;
    private static final double BURST_SECONDS = 5;
    private static final double BURST_TIMES = 5;

    private final double defaultRate;
    private final double defaultSeconds;

    Scenario(double defaultRate, double defaultSeconds) {
        this.defaultRate = defaultRate;
        this.defaultSeconds = defaultSeconds;
    }

    RateProfile rate(double rate, double seconds, double ramp) {
        if (ramp <= 0) {
            return new RateProfile(List.of(new Piece(seconds, rate, rate)));
        }
        if (ramp >= seconds) {
            return new RateProfile(List.of(new Piece(seconds, 0, rate)));
        }
        return new RateProfile(List.of(new Piece(ramp, 0, rate), new Piece(seconds - ramp, rate, rate)));
    }

    ClassArrivals classes(double seconds) {
        return new ClassArrivals(60, 60 + (int) Math.min(60, Math.max(1, seconds / 5)), 0, seconds, 0.3);
    }

    /** Images a second unless told otherwise. */
    public double defaultRate() {
        return defaultRate;
    }

    /** Seconds unless told otherwise. */
    public double defaultSeconds() {
        return defaultSeconds;
    }

    /** @throws IllegalArgumentException naming those there are, if there is none of that name */
    public static Scenario named(String name) {
        return Arrays.stream(values()).filter(scenario -> scenario.wireName().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Unknown scenario; use %s [scenario: %s]"
                        .formatted(Arrays.stream(values()).map(Scenario::wireName).collect(Collectors.joining(", ")), name)));
    }

    /** The plan of this scenario; rates are images a second, {@code rampSeconds} pass until a steady one is reached. */
    public LoadPlan plan(double rate, double seconds, double rampSeconds, double classSkew, double keySkew, double duplicateShare,
            double poisonShare, long seed) {
        if (!(rate > 0) || !(seconds > 0) || !(rampSeconds >= 0)) {
            throw new IllegalArgumentException(
                    "--rate and --duration must be positive, --ramp not negative [rate: %s, seconds: %s, ramp: %s]".formatted(rate, seconds,
                            rampSeconds));
        }
        if (seconds > LoadPlan.MOST_SECONDS) {
            throw new IllegalArgumentException("a run lasts a day at most; change --duration [seconds: %.0f]".formatted(seconds));
        }
        return new LoadPlan(this, rate(rate, seconds, rampSeconds), classes(seconds), classSkew, keySkew, duplicateShare, poisonShare,
                seed);
    }
}
