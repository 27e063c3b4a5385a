package dev.promptgate.clip.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.clip.failure.ModelException;
import dev.promptgate.clip.image.Resizing.Filter;
import dev.promptgate.clip.image.Resizing.Mode;
import dev.promptgate.testing.fuzz.DecoderFuzz;
import dev.promptgate.testing.fuzz.InputFile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every key of every publisher's file is done as it says, or refused by its name. */
class PreprocessorFileTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SIZE = 48;
    private static final int INPUTS = Boolean.getBoolean("test.long") ? 50_000 : 500;

    /** As transformers 4 writes it. */
    private static final String CLIPS = """
            {"image_processor_type": "CLIPImageProcessor", "do_resize": true, "size": {"shortest_edge": 48}, "resample": 3,
             "do_center_crop": true, "crop_size": {"height": 48, "width": 48}, "do_rescale": true, "rescale_factor": 0.00392156862745098,
             "do_normalize": true, "image_mean": [0.48145466, 0.4578275, 0.40821073],
             "image_std": [0.26862954, 0.26130258, 0.27577711], "do_convert_rgb": true}""";

    /** What each key may be beside what it is above, if no other key changes; everything else is refused. */
    private static final Map<String, Set<String>> HUGGING_FACE_TAKES = Map.of(
            "image_processor_type", Set.of("null", "\"CLIPImageProcessorFast\"", "\"CLIPFeatureExtractor\"", "\"ViTImageProcessor\""),
            "do_resize", Set.of("null", "true"),
            "size", Set.of("null", "48", "{\"shortest_edge\":48}", "{\"height\":48,\"width\":48}",
                    "{\"height\":null,\"shortest_edge\":48}", "{\"shortest_edge\":null,\"height\":48,\"width\":48}"),
            "resample", Set.of("null", "2", "3"),
            "do_center_crop", Set.of("null", "true"),
            "crop_size", Set.of("null", "48", "{\"height\":48,\"width\":48}", "{\"shortest_edge\":null,\"height\":48,\"width\":48}"),
            "do_rescale", Set.of("null", "true", "false"),
            "rescale_factor", Set.of("null", "0.5", "1", "2", "3", "48", "224"),
            "do_normalize", Set.of("null", "true", "false"),
            "image_mean", Set.of("null", "0", "-1", "0.5", "1", "2", "3", "48", "224", "[0.5,0.5,0.5]", "[3,48,48]"));

    private static final Map<String, Set<String>> OPEN_CLIP_TAKES = Map.of(
            "size", Set.of("null", "48", "[48]", "[48,48]"),
            "mode", Set.of("null", "\"RGB\""),
            "mean", HUGGING_FACE_TAKES.get("image_mean"),
            "std", Set.of("null", "0.5", "1", "2", "3", "48", "224", "[0.5,0.5,0.5]", "[3,48,48]"),
            "interpolation", Set.of("null", "\"bicubic\"", "\"bilinear\""),
            "resize_mode", Set.of("null", "\"shortest\"", "\"squash\"", "\"longest\""),
            "fill_color", Set.of("null", "0", "1", "2", "3", "48", "224"));

    private static final List<String> VALUES = List.of("null", "true", "false", "0", "-1", "0.5", "1", "2", "3", "48", "224", "1e400",
            "\"\"",
            "\"48\"", "\"true\"", "\"RGB\"", "\"L\"", "\"bicubic\"", "\"bilinear\"", "\"random\"", "\"nearest\"", "\"shortest\"",
            "\"squash\"", "\"longest\"", "\"CLIPImageProcessorFast\"", "\"CLIPFeatureExtractor\"", "\"ViTImageProcessor\"",
            "\"SiglipImageProcessor\"", "[]", "[48]", "[48,48]", "[3,48,48]", "[0.5,0.5,0.5]", "[0.5,0.5]", "[1,\"a\",1]", "{}",
            "{\"shortest_edge\":48}", "{\"shortest_edge\":224}", "{\"longest_edge\":48}", "{\"height\":48,\"width\":48}",
            "{\"height\":48}", "{\"height\":48,\"width\":64}", "{\"height\":null,\"shortest_edge\":48}",
            "{\"shortest_edge\":null,\"height\":48,\"width\":48}", "{\"shortest_edge\":48,\"longest_edge\":64}",
            "{\"height\":\"48\",\"width\":48}", "\"a\\nb\"");

    @TempDir
    Path directory;

    @Test
    void everyValueOfEveryKeyIsDoneOrRefusedByName() throws IOException {
        for (String key : HUGGING_FACE_TAKES.keySet()) {
            for (String value : VALUES) {
                ObjectNode keys = (ObjectNode) JSON.readTree(CLIPS);
                boolean isVit = value.contains("ViT"); // takes both sides of size
                keys.set("size", JSON.readTree(isVit ? "{\"height\": 48, \"width\": 48}" : "{\"shortest_edge\": 48}"));
                keys.set(key, JSON.readTree(value));
                assertTakes(HUGGING_FACE_TAKES.get(key).contains(value), key, value, () -> huggingFace(keys.toString()));
            }
        }
        for (String key : OPEN_CLIP_TAKES.keySet()) {
            for (String value : VALUES) {
                assertTakes(OPEN_CLIP_TAKES.get(key).contains(value), key, value, () -> openClip("{\"%s\": %s}".formatted(key, value)));
            }
        }
    }

    private interface Reading {
        ImagePreprocessor read() throws IOException;
    }

    private static void assertTakes(boolean expected, String key, String value, Reading reading) throws IOException {
        try {
            reading.read();
            assertTrue(expected, "taken: " + key + " " + value);
        } catch (ModelException e) {
            assertTrue(!expected, "refused: " + e.getMessage());
            assertTrue(e.getMessage().contains("[" + key + ": ") || value.equals("1e400"), e.getMessage());
            assertEquals(1, e.getMessage().lines().count(), e.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {CLIPS,
            // transformers 4.0 to 4.24
            """
            {"crop_size": 48, "do_center_crop": true, "do_normalize": true, "do_resize": true, "resample": 3, "size": 48,
             "feature_extractor_type": "CLIPFeatureExtractor", "image_mean": [0.48145466, 0.4578275, 0.40821073],
             "image_std": [0.26862954, 0.26130258, 0.27577711]}""",
            // the fast class of transformers 4.5x, which writes out what is unset
            """
            {"crop_size": {"height": 48, "width": 48}, "data_format": "channels_first", "default_to_square": false, "device": null,
             "disable_grouping": null, "do_center_crop": true, "do_convert_rgb": true, "do_normalize": true, "do_pad": null,
             "do_rescale": true, "do_resize": true, "image_mean": [0.48145466, 0.4578275, 0.40821073],
             "image_processor_type": "CLIPImageProcessorFast", "image_std": [0.26862954, 0.26130258, 0.27577711],
             "input_data_format": null, "pad_size": null, "processor_class": "CLIPProcessor", "resample": 3,
             "rescale_factor": 0.00392156862745098, "return_tensors": null, "size": {"shortest_edge": 48}}""",
            "{}"})
    void clipsOwnPreprocessingIsTheSameInEveryGeneration(String json) throws IOException {
        String today = "ImagePreprocessor[size: 48, mean: %s, std: %s]".formatted(
                Arrays.toString(new float[] {0.48145466f, 0.4578275f, 0.40821073f}),
                Arrays.toString(new float[] {0.26862954f, 0.26130258f, 0.27577711f}));
        assertEquals(today, huggingFace(json).toString());
        assertEquals(today, ImagePreprocessor.clip(SIZE).toString());
    }

    @Test
    void transformersFiveNestsItInTheProcessorsFile() throws IOException {
        Files.writeString(directory.resolve("processor_config.json"), "{\"processor_class\": \"CLIPProcessor\"}");
        assertEquals(Filter.BILINEAR, huggingFace("{\"resample\": 2}").resizing().filter());
        Files.writeString(directory.resolve("processor_config.json"), "{\"image_processor\": {\"size\": {\"height\": 48, \"width\": 48}}}");
        assertEquals(new Resizing(Mode.SQUASH, Filter.BICUBIC, 0), huggingFace("{\"resample\": 2}").resizing());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"do_pad\": true}", "{\"size_divisor\": 32}", "{\"auto_map\": {\"AutoImageProcessor\": \"x.Y\"}}",
            "{\"a\\nb\": 1}", "{\"default_to_square\": true, \"size\": 48}", "{\"do_center_crop\": false}",
            "{\"image_processor_type\": \"ViTImageProcessor\", \"size\": 48}",
            "{\"feature_extractor_type\": \"ViTFeatureExtractor\", \"size\": {\"shortest_edge\": 48}, \"resample\": 2, "
                    + "\"image_mean\": 0.5, \"image_std\": 0.5}",
            "[]", "", "{", "{} {}", "null", "{\"size\": NaN}"})
    void whatChangesPixelsOtherwiseIsRefused(String json) {
        assertRefused(() -> huggingFace(json));
    }

    @Test
    void aFileThatIsTooLargeOrNoObjectIsRefused() throws IOException {
        assertRefused(() -> huggingFace("{}" + " ".repeat(1 << 20)));
        assertRefused(() -> openClip("[1]"));
        Files.writeString(directory.resolve("open_clip_config.json"), "");
        assertRefused(() -> ImagePreprocessor.read(directory, SIZE));
    }

    @Test
    void bothSidesOfSizeAreTaken() throws IOException {
        Resizing squash = new Resizing(Mode.SQUASH, Filter.BICUBIC, 0);
        assertEquals(squash, huggingFace("{\"size\": {\"height\": 48, \"width\": 48}, \"do_center_crop\": false}").resizing());
        assertEquals(new Resizing(Mode.SQUASH, Filter.BILINEAR, 0), huggingFace("""
                {"feature_extractor_type": "ViTFeatureExtractor", "size": 48, "resample": 2, "image_mean": [0.5, 0.5, 0.5],
                 "image_std": [0.5, 0.5, 0.5]}""").resizing());
        assertEquals(squash, openClip("{\"resize_mode\": \"squash\"}").resizing());
    }

    @Test
    void valuesAreRescaledAndNormalisedAsTheFileSays() throws Exception {
        assertPixel((51 / 255f - 0.5f) / 0.25f, "{\"image_mean\": 0.5, \"image_std\": 0.25}");
        assertPixel(51 / 255f, "{\"do_normalize\": false}");
        assertPixel(51, "{\"do_normalize\": false, \"do_rescale\": false}");
        assertPixel((51 - 100) / 50f, "{\"image_mean\": 100, \"image_std\": 50, \"do_rescale\": false}");
        assertPixel((51 * 0.0078f - 0.5f) / 0.25f, "{\"image_mean\": 0.5, \"image_std\": 0.25, \"rescale_factor\": 0.0078}");
    }

    private void assertPixel(float expected, String json) throws Exception {
        for (float pixel : huggingFace(json).preprocess(picture(60, 50, 0x333333))) {
            assertEquals(expected, pixel, 1e-5f * Math.max(1, Math.abs(expected)), json);
        }
    }

    @Test
    void openClipFillsTheBars() throws Exception {
        ImagePreprocessor preprocessor = openClip("""
                {"resize_mode": "longest", "fill_color": 102, "mean": [0, 0, 0], "std": [1, 1, 1], "interpolation": "bilinear"}""");
        float[] pixels = preprocessor.preprocess(picture(96, 48, 0xFFFFFF)); // 48 × 24, with bars of 12 above and below
        assertEquals(102 / 255f, pixels[11 * SIZE + 5], 1e-6f);
        assertEquals(1, pixels[12 * SIZE + 5], 1e-6f);
        assertEquals(1, pixels[35 * SIZE + 5], 1e-6f);
        assertEquals(102 / 255f, pixels[36 * SIZE + 5], 1e-6f);
    }

    @Test
    void theFileOfTheLayoutCounts() throws IOException {
        openClip("{\"resize_mode\": \"squash\"}");
        assertEquals(Mode.SQUASH, ImagePreprocessor.read(directory, SIZE).resizing().mode());
        Files.writeString(directory.resolve("preprocessor_config.json"), CLIPS);
        Files.writeString(directory.resolve("config.json"), "{}");
        assertEquals(Mode.SHORTEST, ImagePreprocessor.read(directory, SIZE).resizing().mode());
        assertEquals(Mode.SQUASH, ImagePreprocessor.read(directory.resolve("open_clip_config.json"), SIZE).resizing().mode());
        assertEquals(ImagePreprocessor.clip(SIZE).toString(), ImagePreprocessor.read(null, SIZE).toString());
    }

    @Test
    void whatChangesPixelsChangesTheFingerprint() throws IOException {
        Set<String> identities = new TreeSet<>();
        for (String mode : List.of("shortest", "squash", "longest")) {
            for (String interpolation : List.of("bicubic", "bilinear")) {
                identities.add(openClip("{\"resize_mode\": \"%s\", \"interpolation\": \"%s\"}".formatted(mode, interpolation)).toString());
            }
        }
        identities.add(openClip("{\"resize_mode\": \"longest\", \"fill_color\": 1}").toString());
        identities.add(openClip("{\"mean\": 0.5}").toString());
        identities.add(openClip("{\"std\": 0.5}").toString());
        assertEquals(9, identities.size());
        assertEquals(openClip("{}").toString(), openClip("{\"fill_color\": 1}").toString()); // there are no bars to fill
    }

    @ParameterizedTest
    @ValueSource(strings = {"shortest", "squash", "longest"})
    void elongatedImagesStayWithinTheLimits(String mode) throws Exception {
        ImagePreprocessor preprocessor = openClip("{\"resize_mode\": \"%s\"}".formatted(mode)).withLimits(new ImageLimits(9_000, 1 << 20));
        byte[] line = picture(1, 200, 0xFF0000);
        assertEquals(ImageRejectedException.Fault.TOO_MANY_PIXELS,
                assertThrows(ImageRejectedException.class, () -> preprocessor.preprocess(line)).fault());
        assertEquals(3 * SIZE * SIZE, preprocessor.preprocess(picture(2, 90, 0xFF0000)).length);
    }

    @Test
    void damagedFilesAreReadOrRefused() throws IOException {
        Files.writeString(directory.resolve("config.json"), "{}");
        String openClips = "{\"preprocess_cfg\": {\"size\": 48, \"mode\": \"RGB\", \"mean\": [0.5, 0.5, 0.5], \"std\": [0.5, 0.5, 0.5], "
                + "\"interpolation\": \"bicubic\", \"resize_mode\": \"longest\", \"fill_color\": 7}}";
        for (Map.Entry<String, String> file : Map.of("preprocessor_config.json", CLIPS, "open_clip_config.json", openClips).entrySet()) {
            DecoderFuzz.Outcome outcome = new DecoderFuzz(file.getKey(), ModelException.class, input -> 1 << 20)
                    .run(INPUTS, List.of(file.getValue().getBytes()), input -> {
                        Path path = InputFile.write(directory.resolve(file.getKey()), input);
                        assertUsable(ImagePreprocessor.read(file.getKey().startsWith("open") ? path : directory, SIZE));
                    });
            assertTrue(outcome.refused() > 100, outcome.toString());
        }
    }

    @Test
    void keysWithAnyValuesAreReadOrRefused() throws IOException {
        Random random = new Random(7);
        List<String> keys = List.copyOf(HUGGING_FACE_TAKES.keySet());
        int taken = 0;
        for (int i = 0; i < INPUTS; i++) {
            ObjectNode mutated = (ObjectNode) JSON.readTree(CLIPS);
            for (int n = random.nextInt(4); n >= 0; n--) {
                mutated.set(keys.get(random.nextInt(keys.size())), JSON.readTree(VALUES.get(random.nextInt(VALUES.size()))));
            }
            try {
                assertUsable(huggingFace(mutated.toString()));
                taken++;
            } catch (ModelException e) {
                assertEquals(1, e.getMessage().lines().count(), e.getMessage());
            }
        }
        assertTrue(taken > 0, "taken: " + taken);
    }

    private static void assertUsable(ImagePreprocessor preprocessor) {
        assertEquals(SIZE, preprocessor.size());
        for (int c = 0; c < 3; c++) {
            float largest = (1 - preprocessor.mean()[c]) / preprocessor.std()[c];
            assertTrue(Float.isFinite(largest) && Float.isFinite(1 / (255 * preprocessor.std()[c])), preprocessor.toString());
        }
    }

    private static void assertRefused(Reading reading) {
        ModelException e = assertThrows(ModelException.class, reading::read);
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
        assertTrue(e.getMessage().contains(".json"), e.getMessage());
    }

    private ImagePreprocessor huggingFace(String json) throws IOException {
        InputFile.write(directory.resolve("preprocessor_config.json"), json.getBytes(StandardCharsets.UTF_8));
        return ImagePreprocessor.read(directory, SIZE);
    }

    private ImagePreprocessor openClip(String preprocessing) throws IOException {
        Path file = Files.writeString(directory.resolve("open_clip_config.json"), "{\"preprocess_cfg\": " + preprocessing + "}");
        return ImagePreprocessor.read(file, SIZE);
    }

    private static byte[] picture(int width, int height, int rgb) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int i = 0; i < width * height; i++) {
            image.setRGB(i % width, i / width, rgb);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "png", out);
        return out.toByteArray();
    }
}
