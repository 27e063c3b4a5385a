package dev.promptgate.simulation.encoder;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.promptgate.messaging.record.SourcePosition;
import dev.promptgate.simulation.Invariant;
import dev.promptgate.simulation.Invariant.BrokenException;
import dev.promptgate.simulation.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each seed is a life of two or three encoders of one group that are killed, stand still, come back and are replaced, while images come:
 * each image becomes one feature.
 */
class EncoderSimulationTest {
    private static final int MOST_SEEDS = 300;
    private static final long QUIET_FROM_MILLIS = 20_000;
    private static final long END_MILLIS = 60_000;

    private final AtomicLong images = new AtomicLong();
    private final AtomicLong kills = new AtomicLong();

    @Test
    void whateverBefallsTheEncodersEachImageBecomesOneFeature() {
        Seeds.forEach(getClass(), seed -> live(seed, EncoderFault.NONE));
        System.out.printf("Encoders, %d seeds: %d images, %d kills%n", Seeds.count(), images.get(), kills.get());
        assertTrue(images.get() > 100 * Seeds.count() && kills.get() > Seeds.count());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void someSeedTellsAFault(EncoderFault fault) {
        for (int seed = 1; seed <= MOST_SEEDS; seed++) {
            try {
                live(seed, fault);
            } catch (BrokenException e) {
                if (e.invariant == fault.invariant) {
                    System.out.printf("simulation: encoder %s: seed %d, %s%n", fault, seed, e.getMessage());
                    return;
                }
            }
        }
        fail("not found in %d seeds by %s".formatted(MOST_SEEDS, fault.invariant));
    }

    private void live(long seed, EncoderFault fault) throws BrokenException {
        SplittableRandom random = new SplittableRandom(seed);
        Agenda agenda = new Agenda();
        SimulatedGroup group = new SimulatedGroup(agenda, random, fault, QUIET_FROM_MILLIS);
        int inFlight = 8 << random.nextInt(4);
        List<EncoderProcess> encoders = new ArrayList<>();
        int most = 2 + random.nextInt(2);
        for (int i = 0; i < most; i++) {
            encoders.add(new EncoderProcess(agenda, random, group, fault, "encoder-" + i, inFlight));
        }
        produce(agenda, random, group);
        strike(agenda, random, encoders, i -> new EncoderProcess(agenda, random, group, fault, "encoder-" + i, inFlight));
        while (agenda.now() < END_MILLIS && !(agenda.now() > QUIET_FROM_MILLIS && group.isAtRest())) {
            agenda.next();
        }
        Invariant.COMES_TO_REST.require(group.isAtRest(), "images wait after %d s".formatted(END_MILLIS / 1000));
        for (int partition = 0; partition < SimulatedGroup.PARTITIONS; partition++) {
            for (long offset = 0; offset < group.end(partition); offset++) {
                int found = group.features().getOrDefault(new SourcePosition(partition, offset), 0);
                Invariant.NOTHING_LOST.require(found > 0, "image %d@%d led to no feature".formatted(partition, offset));
                Invariant.NOTHING_TWICE.require(found == 1, "image %d@%d led to %d features".formatted(partition, offset, found));
                images.incrementAndGet();
            }
        }
    }

    private static void produce(Agenda agenda, SplittableRandom random, SimulatedGroup group) {
        if (agenda.now() < QUIET_FROM_MILLIS) {
            group.produce(random.nextInt(SimulatedGroup.PARTITIONS), random.nextInt(12));
            agenda.in(random.nextInt(random.nextInt(10) > 0 ? 200 : 2_000), () -> produce(agenda, random, group));
        }
    }

    /** Starts the encoder of a number. */
    @FunctionalInterface
    private interface Start {
        EncoderProcess of(int number);
    }

    /** Something befalls one of them, now and then; whoever has ended is started again. */
    private void strike(Agenda agenda, SplittableRandom random, List<EncoderProcess> encoders, Start start) {
        int number = random.nextInt(encoders.size());
        EncoderProcess struck = encoders.get(number);
        boolean isQuiet = agenda.now() >= QUIET_FROM_MILLIS;
        int what = random.nextInt(3);
        if (struck.isDead()) {
            encoders.set(number, start.of(number));
        } else if (!isQuiet && what == 0) {
            struck.kill();
            kills.incrementAndGet();
        } else if (!isQuiet && what == 1) {
            struck.standStill(random.nextInt(3 * SimulatedGroup.SESSION_MILLIS));
            if (random.nextInt(3) == 0) { // somebody takes it for dead
                struck.fence();
                encoders.set(number, start.of(number));
            }
        }
        agenda.in(random.nextInt(2_000), () -> strike(agenda, random, encoders, start));
    }
}
