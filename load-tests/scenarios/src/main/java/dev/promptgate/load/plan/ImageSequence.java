package dev.promptgate.load.plan;

import dev.promptgate.messaging.record.Split;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * The images of a load by number: each is a function of the plan and its number, so none need be remembered and two runs of a plan send the
 * same. Thread-safe.
 */
public final class ImageSequence {
    /**
     * One record of a load.
     *
     * @param number in the schedule, from 0
     * @param origin the number whose image this is: an earlier one if it is a duplicate
     * @param label null sends none
     * @param split null leaves the split to the hash of the id
     * @param partition null leaves it to Kafka's partitioner
     */
    public record PlannedImage(long number, long origin, String id, String label, String split, Integer partition, byte[] bytes) {
        /** {@code due} is when it should be sent, epoch milliseconds: its time of production, whenever it really goes out. */
        public ProducerRecord<byte[], byte[]> encode(String topic, long due) {
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, partition, due, id.getBytes(StandardCharsets.UTF_8), bytes);
            if (label != null) {
                record.headers().add("label", label.getBytes(StandardCharsets.UTF_8));
            }
            if (split != null) {
                record.headers().add("split", split.getBytes(StandardCharsets.UTF_8));
            }
            return record;
        }
    }

    private static final long DUPLICATE_WINDOW = 5_000;
    private static final byte[] NO_IMAGE = "no image".getBytes(StandardCharsets.UTF_8);

    private final LoadPlan plan;
    private final String run;
    private final int partitions;
    private final LabelList labels = new LabelList();
    private final ZipfWeights classes;
    private final ZipfWeights keys;

    /** {@code run} begins every id, so that no two runs share one. */
    public ImageSequence(LoadPlan plan, String run, int partitions) {
        this.plan = plan;
        this.run = run;
        this.partitions = partitions;
        classes = new ZipfWeights(plan.classes().total(), plan.classSkew());
        keys = new ZipfWeights(partitions, plan.keySkew());
    }

    public PlannedImage at(long number) {
        long origin = origin(number);
        SplittableRandom random = random(origin, 1);
        int index = classIndex(origin, random);
        byte[] file = labels.file(index, random.nextInt(1 << 16));
        Integer partition = plan.keySkew() == 0 ? null : keys.rank(random.nextDouble(), partitions);
        String id = "%s-%d".formatted(run, origin);
        if (isPoison(number)) {
            return poison(number, id, labels.label(index), partition, file);
        }
        return new PlannedImage(number, origin, id, labels.label(index),
                plan.classes().isProbe(index) ? Split.PROBE.wireName() : null, partition, file);
    }

    /** The number of the image that an id names, or -1 if it is not of this run. */
    public long number(String id) {
        if (!id.startsWith(run + "-")) {
            return -1;
        }
        try {
            return Long.parseLong(id.substring(run.length() + 1));
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Whether the record of a number is to be rejected. */
    public boolean isPoison(long number) {
        return random(number, 0).nextDouble() < plan.poisonShare();
    }

    /** The number of the image that the record of a number shows: its own, or an earlier one. */
    long origin(long number) {
        long at = number;
        while (at > 0 && !isPoison(at)) {
            SplittableRandom random = random(at, 2);
            if (random.nextDouble() >= plan.duplicateShare()) {
                return at;
            }
            long earlier = at - 1 - random.nextLong(Math.min(at, DUPLICATE_WINDOW));
            while (earlier > 0 && isPoison(earlier)) {
                earlier--;
            }
            if (isPoison(earlier)) {
                return at; // there is nothing good before it
            }
            at = earlier;
        }
        return at;
    }

    private int classIndex(long number, SplittableRandom random) {
        double due = plan.rate().due(number);
        int arrived = plan.classes().arrived(due);
        double fresh = random.nextDouble();
        if (plan.classes().isArriving(due) && arrived > plan.classes().initial() && fresh < plan.classes().freshShare()) {
            int window = Math.min(ClassArrivals.FRESH_WINDOW, arrived - plan.classes().initial());
            return arrived - 1 - (int) (number % window); // in turn, so that each class gets its share
        }
        return classes.rank(random.nextDouble(), arrived);
    }

    private static PlannedImage poison(long number, String id, String label, Integer partition, byte[] file) {
        return switch ((int) (number % 4)) {
            case 0 -> new PlannedImage(number, number, id, label, null, partition, NO_IMAGE);
            case 1 -> new PlannedImage(number, number, id, label, null, partition, Arrays.copyOf(file, file.length / 2));
            case 2 -> new PlannedImage(number, number, id, null, null, partition, file);
            default -> new PlannedImage(number, number, id, label, "test", partition, file);
        };
    }

    private SplittableRandom random(long number, int purpose) {
        return new SplittableRandom(new SplittableRandom(plan.seed() * 31 + purpose).nextLong() ^ number * 0x9E3779B97F4A7C15L);
    }
}
