package dev.promptgate.benchmarks.measure;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.text.Context;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.SourcePosition;
import dev.promptgate.messaging.record.Split;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * Features of many classes, as an encoder would write them: each the text feature of its class's name under the hand-written prompt, and
 * noise. Uses, but does not close, the producer.
 */
public final class ClassStream {
    private static final double NOISE = 1;

    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final ClipModel model;
    private final List<String> names;
    private final float[][] centres;
    private final SplittableRandom random = new SplittableRandom(1);
    private long written;

    public ClassStream(KafkaProducer<byte[], byte[]> producer, String topic, ClipModel model, int classes, String words) {
        this.producer = producer;
        this.topic = topic;
        this.model = model;
        names = IntStream.range(0, classes).mapToObj("specimen of class %d"::formatted).toList();
        Context context = model.textEncoder().contextFrom(words);
        centres = model.textEncoder().features(context, model.textEncoder().prompts(names, context.tokens()));
    }

    /** So many images of each class, or, with a bound, of the first classes only. */
    public void write(Split split, int imagesPerClass, int mostClasses) {
        for (int image = 0; image < imagesPerClass; image++) {
            for (int c = 0; c < Math.min(names.size(), mostClasses); c++) {
                String id = split.wireName() + "-" + written;
                producer.send(
                        new ImageFeature(id, names.get(c), split, model.fingerprint(), feature(centres[c]), System.currentTimeMillis(),
                                new SourcePosition(0, written++)).encode(topic));
            }
        }
        producer.flush();
    }

    private float[] feature(float[] centre) {
        float[] feature = centre.clone();
        double squares = 0;
        for (int d = 0; d < feature.length; d++) {
            feature[d] += (float) (NOISE * random.nextGaussian() / Math.sqrt(feature.length));
            squares += feature[d] * feature[d];
        }
        for (int d = 0; d < feature.length; d++) {
            feature[d] /= (float) Math.sqrt(squares);
        }
        return feature;
    }
}
