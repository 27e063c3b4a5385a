package dev.promptgate.experiments.features;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.promptgate.bundled.BundledModel;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.engine.ComputeOptions;
import dev.promptgate.experiments.data.DataException;
import dev.promptgate.experiments.data.DataFiles;
import dev.promptgate.experiments.data.ExperimentImage;
import dev.promptgate.experiments.data.ExperimentImage.DataPart;
import dev.promptgate.experiments.data.ImageSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Images on disk through the bundled model and a cache on disk. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FeatureEncoderIT {
    private static final FeatureEncoder.ProgressListener QUIET = (done, total, encoded) -> {};

    private Path modelDirectory;
    private ClipModel model;
    private Path root;
    private Path store;

    @BeforeAll
    void load(@TempDir Path temporary) {
        modelDirectory = BundledModel.extractTo(temporary);
        model = ClipModel.load(modelDirectory, ComputeOptions.cpu());
    }

    @AfterAll
    void close() {
        model.close();
    }

    /** Two classes, four images to train and two to test. */
    @BeforeEach
    void images(@TempDir Path temporary) {
        root = temporary.resolve("photos");
        store = temporary.resolve("cache/features");
        for (int i = 0; i < 12; i++) {
            DataFiles.image(root.resolve(i % 3 == 0 ? "test" : "train").resolve(i % 2 == 0 ? "bus" : "cat").resolve(i + ".jpg"), 24 * i);
        }
    }

    @Test
    void featuresAreThoseOfTheModel() throws Exception {
        FeatureEncoder.Encoding encoding = encode(0);
        assertEquals(8, encoding.features().train().size());
        assertEquals(4, encoding.features().test().size());
        assertEquals(List.of("bus", "cat"), encoding.features().classes());
        for (FeatureSet.Sample sample : Stream.concat(encoding.features().train().stream(), encoding.features().test().stream()).toList()) {
            byte[] file = Files.readAllBytes(root.resolve(sample.id()));
            float[] alone = model.imageEncoder().encode(List.of(model.preprocessor().preprocess(file)))[0];
            assertEquals(1, sample.views().length);
            assertArrayEquals(alone, sample.views()[0], 1e-5f, sample.id());
            assertEquals(sample.id().contains("bus") ? 0 : 1, sample.classIndex());
        }
    }

    @Test
    void aSecondRunEncodesNothingAndGivesTheSame() throws Exception {
        FeatureEncoder.Encoding first = encode(2);
        assertEquals(8 * 3 + 4, first.encoded());
        assertEquals(0, first.cached());
        FeatureEncoder.Encoding second = encode(2);
        assertEquals(0, second.encoded());
        assertEquals(first.encoded(), second.cached());
        assertEqualFeatures(first.features(), second.features());
    }

    @Test
    void onlyWhatIsMissingIsEncoded() throws Exception {
        encode(0);
        assertEquals(8 * 2, encode(2).encoded());
        DataFiles.image(root.resolve("train/bus/new.jpg"), 600);
        FeatureEncoder.Encoding grown = encode(2);
        assertEquals(3, grown.encoded());
        assertEquals(8 * 3 + 4, grown.cached());
        assertEquals(grown.encoded() + grown.cached(), 9 * 3 + 4);
    }

    @Test
    void aRenamedImageIsKnownByItsContent() throws Exception {
        encode(1);
        Files.move(root.resolve("train/bus/2.jpg"), root.resolve("train/bus/other name.jpg"));
        assertEquals(0, encode(1).encoded());
    }

    @Test
    void augmentedViewsAreReproducibleAndDiffer(@TempDir Path elsewhere) throws Exception {
        FeatureSet set = encode(3).features();
        FeatureSet again = FeatureEncoder.encode(open(), model, elsewhere, 3, QUIET).features();
        for (int i = 0; i < set.train().size(); i++) {
            float[][] views = set.train().get(i).views();
            assertEquals(4, views.length);
            for (int a = 0; a < 4; a++) {
                assertArrayEquals(views[a], again.train().get(i).views()[a], 1e-5f);
                for (int b = 0; b < a; b++) {
                    assertFalse(Arrays.equals(views[a], views[b]), "views " + a + " and " + b);
                }
                double length = Math.sqrt(dot(views[a], views[a]));
                assertEquals(1, length, 1e-4);
            }
        }
        assertTrue(set.test().stream().allMatch(sample -> sample.views().length == 1));
        // A crop shows the same thing: views are nearer to their own image than to others, on average.
        double own = 0;
        double other = 0;
        for (int i = 0; i < 8; i++) {
            own += dot(set.train().get(i).views()[0], set.train().get(i).views()[1]);
            other += dot(set.train().get(i).views()[0], set.train().get((i + 1) % 8).views()[1]);
        }
        assertTrue(own > other + 0.5, "own %f, other %f".formatted(own / 8, other / 8));
    }

    @Test
    void damagedImagesAreSkippedNamedAndCounted() throws Exception {
        byte[] jpeg = Files.readAllBytes(root.resolve("train/bus/2.jpg"));
        Files.write(root.resolve("train/bus/2.jpg"), Arrays.copyOf(jpeg, jpeg.length / 2));
        Files.writeString(root.resolve("test/cat/3.jpg"), "no image");
        List<Integer> done = new ArrayList<>();
        FeatureEncoder.Encoding encoding = FeatureEncoder.encode(open(), model, store, 1, (at, total, encoded) -> {
            assertEquals(8 * 2 + 4, total);
            done.add(at);
        });
        assertEquals(List.of("test/cat/3.jpg", "train/bus/2.jpg"),
                encoding.features().skipped().stream().map(FeatureSet.Skipped::id).sorted().toList());
        assertTrue(encoding.features().skipped().stream().anyMatch(skipped -> skipped.reason().contains("ends early")),
                encoding.features().skipped().toString());
        assertEquals(7, encoding.features().train().size());
        assertEquals(3, encoding.features().test().size());
        assertEquals(7 * 2 + 3, encoding.encoded());
        assertEquals(8 * 2 + 4, done.get(done.size() - 1));
        assertEquals(0, encode(1).encoded());
    }

    @Test
    void aClassThatIsLeftWithoutTestImagesIsFound() throws Exception {
        Files.writeString(root.resolve("test/cat/3.jpg"), "no image");
        Files.writeString(root.resolve("test/cat/9.jpg"), "nor this");
        String message = assertThrows(DataException.class, () -> encode(0)).getMessage();
        assertTrue(message.startsWith("Classes are left without test images") && message.contains("classes: 1: cat")
                && message.contains("skipped: 2: "), message);
        DataFiles.image(root.resolve("test/cat/3.jpg"), 700);
        assertEquals(1, encode(0).encoded(), "what was encoded before the refusal is kept");
    }

    @Test
    void progressRunsFromTheCachedToTheTotal() throws Exception {
        encode(0);
        List<List<Integer>> calls = new ArrayList<>();
        FeatureEncoder.encode(open(), model, store, 4, (done, total, encoded) -> calls.add(List.of(done, total, encoded)));
        int total = 8 * 5 + 4;
        assertEquals(List.of(List.of(12, total, 0), List.of(12 + 32, total, 32)), calls.stream().distinct().toList()); // a batch of 32, and
                                                                                                                       // then there is none
                                                                                                                       // left
    }

    @Test
    void imagesOfTheSameBytesAreEncodedOnceAndATestImageAmongThemIsNamed() throws Exception {
        Files.copy(root.resolve("train/bus/2.jpg"), root.resolve("test/bus/copy.jpg"));
        FeatureEncoder.Encoding encoding = encode(1);
        assertEquals(8 * 2 + 4, encoding.encoded());
        assertEquals(1, encoding.notes().size());
        assertTrue(encoding.notes().get(0).contains("images: 1: test/bus/copy.jpg"), encoding.notes().get(0));
        assertEquals(1, encoding.features().test().stream().filter(sample -> sample.id().equals("test/bus/copy.jpg")).findFirst()
                .orElseThrow().views().length);
    }

    @Test
    void aDamagedCacheFileIsNamedAndItsImagesAreEncodedAgain() throws Exception {
        FeatureSet set = encode(0).features();
        Path segment = segments().get(0);
        Files.write(segment, Arrays.copyOf(Files.readAllBytes(segment), 1000));
        FeatureEncoder.Encoding again = encode(0);
        assertEquals(12, again.encoded());
        assertEquals(1, again.notes().size());
        assertTrue(again.notes().get(0).contains("damaged and ignored") && again.notes().get(0).contains(segment.toString()),
                again.notes().toString());
        assertEqualFeatures(set, again.features());
    }

    @Test
    void anotherModelHasItsOwnFeaturesAndAMovedFileIsRefused(@TempDir Path temporary) throws Exception {
        encode(0);
        Path segment = segments().get(0);
        BundledModel.extractTo(temporary);
        byte[] bytes = Files.readAllBytes(temporary.resolve("model.safetensors"));
        bytes[bytes.length - 1000] ^= 1;
        Files.write(temporary.resolve("model.safetensors"), bytes);
        try (ClipModel other = ClipModel.load(temporary, ComputeOptions.cpu())) {
            assertEquals(12, FeatureEncoder.encode(open(), other, store, 0, QUIET).encoded());
            Path its = segments().stream().filter(file -> !file.equals(segment)).findFirst().orElseThrow();
            Files.move(segment, its.resolveSibling(segment.getFileName()));
            String message = assertThrows(DataException.class, () -> FeatureEncoder.encode(open(), other, store, 0, QUIET)).getMessage();
            assertTrue(message.contains("belongs to another model") && message.contains(segment.getFileName().toString()), message);
        }
    }

    @Test
    void otherPreprocessingIsAnotherModelToTheCache(@TempDir Path temporary) throws Exception {
        FeatureSet set = encode(0).features();
        Path segment = segments().get(0);
        BundledModel.extractTo(temporary);
        Path config = temporary.resolve("preprocessor_config.json");
        Files.writeString(config, Files.readString(config).replaceFirst("(\"image_mean\"\\s*:\\s*\\[\\s*)[0-9.]+", "$10.25"));
        try (ClipModel other = ClipModel.load(temporary, ComputeOptions.cpu())) {
            assertEquals(model.fingerprint(), other.fingerprint());
            FeatureEncoder.Encoding encoding = FeatureEncoder.encode(open(), other, store, 0, QUIET);
            assertEquals(12, encoding.encoded());
            assertFalse(Arrays.equals(set.train().get(0).views()[0], encoding.features().train().get(0).views()[0]));
            Path its = segments().stream().filter(file -> !file.equals(segment)).findFirst().orElseThrow();
            Files.move(segment, its.resolveSibling(segment.getFileName()));
            assertThrows(DataException.class, () -> FeatureEncoder.encode(open(), other, store, 0, QUIET));
        }
    }

    @Test
    void twoAtOnceOnOneCacheGetTheSame() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<FeatureEncoder.Encoding> one = threads.submit(() -> encode(1));
            Future<FeatureEncoder.Encoding> two = threads.submit(() -> encode(1));
            assertEqualFeatures(one.get().features(), two.get().features());
        } finally {
            threads.shutdownNow();
        }
        assertEquals(0, encode(1).encoded());
    }

    @Test
    void anImageThatCannotBeReadStopsTheRun() throws Exception {
        ImageSet set = open();
        List<ExperimentImage> images = new ArrayList<>(set.images());
        images.add(new ExperimentImage("gone.jpg", "bus", DataPart.TRAIN, () -> {
            throw new IOException("disk on fire");
        }));
        ImageSet broken = new ImageSet("broken", set.classes(), images, true, List.of());
        String message = assertThrows(DataException.class, () -> FeatureEncoder.encode(broken, model, store, 0, QUIET)).getMessage();
        assertTrue(message.contains("image: gone.jpg") && message.contains("disk on fire"), message);
    }

    @Test
    void nativeMemoryStaysFlat() throws Exception {
        long before = model.managedArrays();
        encode(3);
        assertEquals(before, model.managedArrays());
    }

    private FeatureEncoder.Encoding encode(int augmentedViews) throws DataException {
        return FeatureEncoder.encode(open(), model, store, augmentedViews, QUIET);
    }

    private ImageSet open() throws DataException {
        return ImageSet.open(root, Optional.empty());
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.walk(store)) {
            return files.filter(file -> file.toString().endsWith(".safetensors")).toList();
        }
    }

    private static void assertEqualFeatures(FeatureSet expected, FeatureSet actual) {
        assertEquals(expected.train().stream().map(FeatureSet.Sample::id).toList(),
                actual.train().stream().map(FeatureSet.Sample::id).toList());
        for (int i = 0; i < expected.train().size(); i++) {
            for (int v = 0; v < expected.train().get(i).views().length; v++) {
                assertArrayEquals(expected.train().get(i).views()[v], actual.train().get(i).views()[v], 1e-6f);
            }
        }
        for (int i = 0; i < expected.test().size(); i++) {
            assertArrayEquals(expected.test().get(i).views()[0], actual.test().get(i).views()[0], 1e-6f);
        }
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int d = 0; d < a.length; d++) {
            sum += a[d] * b[d];
        }
        return sum;
    }
}
