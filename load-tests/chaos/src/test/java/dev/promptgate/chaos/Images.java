package dev.promptgate.chaos;

import dev.promptgate.bundled.BundledModel;
import dev.promptgate.bundled.SampleStream;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.engine.ComputeOptions;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.LabelledImage;
import dev.promptgate.messaging.record.SourcePosition;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.messaging.record.WireName;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** The sample stream as producers would send it: probe classes, a first lot of classes, then waves of new ones. */
final class Images {
    private static final int PROBE_CLASSES = 20;
    private static final int FIRST_CLASSES = 40;
    private static final int WAVE_CLASSES = 10;

    private static List<ImageFeature> encoded;

    private Images() {}

    record Planned(SampleStream.Entry entry, Split split) {
        LabelledImage image(String suffix) {
            return new LabelledImage(entry.file() + suffix, entry.label(), split, SampleStream.bytes(entry), 0);
        }
    }

    /** Wave after wave, each in an order of its own; the same at every call. */
    static List<List<Planned>> waves() {
        List<SampleStream.Entry> entries = SampleStream.entries();
        List<String> classes = new ArrayList<>(entries.stream().map(SampleStream.Entry::label).distinct().sorted().toList());
        Collections.shuffle(classes, new Random(1));
        List<List<Planned>> waves = new ArrayList<>();
        for (int from = PROBE_CLASSES, to = PROBE_CLASSES + FIRST_CLASSES; from < classes.size(); from = to, to += WAVE_CLASSES) {
            List<String> fresh = classes.subList(from, Math.min(to, classes.size()));
            List<Planned> wave = new ArrayList<>();
            for (SampleStream.Entry entry : entries) {
                if (fresh.contains(entry.label())) {
                    wave.add(new Planned(entry, WireName.parse(Split.class, entry.split()).orElseThrow()));
                } else if (waves.isEmpty() && classes.indexOf(entry.label()) < PROBE_CLASSES) {
                    wave.add(new Planned(entry, Split.PROBE));
                }
            }
            Collections.shuffle(wave, new Random(waves.size()));
            waves.add(wave);
        }
        return waves;
    }

    static List<Planned> all() {
        return waves().stream().flatMap(List::stream).toList();
    }

    /** The features of all of them, in the order of the waves, made once in this process. */
    static synchronized List<ImageFeature> features() throws Exception {
        if (encoded == null) {
            List<ImageFeature> features = new ArrayList<>();
            try (ClipModel model = ClipModel.load(BundledModel.extractTo(Files.createTempDirectory("chaos-model")), ComputeOptions.cpu())) {
                List<Planned> all = all();
                for (int from = 0; from < all.size(); from += 32) {
                    encode(model, all.subList(from, Math.min(all.size(), from + 32)), features);
                }
            }
            encoded = features;
        }
        return encoded;
    }

    private static void encode(ClipModel model, List<Planned> batch, List<ImageFeature> into) throws Exception {
        List<float[]> pixels = new ArrayList<>();
        for (Planned planned : batch) {
            pixels.add(model.preprocessor().preprocess(SampleStream.bytes(planned.entry())));
        }
        float[][] vectors = model.imageEncoder().encode(pixels);
        for (int i = 0; i < vectors.length; i++) {
            Planned planned = batch.get(i);
            into.add(new ImageFeature(planned.entry().file(), planned.entry().label(), planned.split(), model.fingerprint(), vectors[i], 0,
                    new SourcePosition(0, into.size())));
        }
    }

    static byte[] file(int index) throws IOException {
        return SampleStream.bytes(SampleStream.entries().get(index % SampleStream.entries().size()));
    }
}
