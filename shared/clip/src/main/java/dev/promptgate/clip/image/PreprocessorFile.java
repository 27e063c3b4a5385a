package dev.promptgate.clip.image;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.promptgate.clip.failure.FirstLine;
import dev.promptgate.clip.failure.ModelException;
import dev.promptgate.clip.image.Resizing.Filter;
import dev.promptgate.clip.image.Resizing.Mode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a publisher's file says of preprocessing, key by key: done as it says, or refused by the key's name. A key that is null counts as
 * left out. Sources: transformers' {@code CLIPImageProcessor}, slow and fast, and open_clip's {@code image_transform_v2}.
 */
final class PreprocessorFile {
    static final float[] CLIP_MEAN = {0.48145466f, 0.4578275f, 0.40821073f};
    static final float[] CLIP_STD = {0.26862954f, 0.26130258f, 0.27577711f};

    private static final String OPEN_CLIP = "open_clip_config.json";
    private static final long MOST_BYTES = 1 << 20;
    private static final int MOST_SHOWN = 80;
    /** No sensible number of preprocessing is beyond it, nor its reciprocal below. */
    private static final double MOST = 1e6;
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final Set<String> OPEN_CLIP_KEYS = Set.of("size", "mode", "mean", "std", "interpolation", "resize_mode", "fill_color");
    private static final Set<String> HUGGING_FACE_KEYS = Set.of("image_processor_type", "feature_extractor_type", "do_resize", "size",
            "default_to_square", "resample", "do_center_crop", "crop_size", "do_rescale", "rescale_factor", "do_normalize", "image_mean",
            "image_std");
    /** Of these no pixel depends: images always are RGB here, and the tower takes channels first. */
    private static final Set<String> HARMLESS_KEYS = Set.of("do_convert_rgb", "processor_class", "_processor_class",
            "_valid_processor_keys", "_valid_kwargs_names", "model_input_names", "return_tensors", "data_format", "input_data_format",
            "device", "disable_grouping", "use_fast", "transformers_version");

    private final Path file;
    private final JsonNode keys;

    private PreprocessorFile(Path file, JsonNode keys) {
        this.file = file;
        this.keys = keys;
        if (!keys.isObject()) {
            throw new ModelException("%s does not hold keys and values where it should [file: %s]".formatted(file.getFileName(), file));
        }
    }

    static ImagePreprocessor read(Path location, int imageSize) {
        if (location.endsWith(OPEN_CLIP)) {
            return openClip(location, imageSize);
        }
        boolean isOpenClip = Files.exists(location.resolve(OPEN_CLIP)) && !Files.exists(location.resolve("config.json"));
        return isOpenClip ? openClip(location.resolve(OPEN_CLIP), imageSize) : huggingFace(location, imageSize);
    }

    private static ImagePreprocessor openClip(Path file, int imageSize) {
        JsonNode keys = parse(file).get("preprocess_cfg");
        return keys.isMissingNode() ? ImagePreprocessor.clip(imageSize) : new PreprocessorFile(file, keys).openClip(imageSize);
    }

    private static ImagePreprocessor huggingFace(Path directory, int imageSize) {
        Path nested = directory.resolve("processor_config.json"); // of transformers 5; before, it said nothing of images
        JsonNode keys = Files.exists(nested) ? parse(nested).get("image_processor") : MissingNode.getInstance();
        if (!keys.isMissingNode()) {
            return new PreprocessorFile(nested, keys).huggingFace(imageSize);
        }
        Path file = directory.resolve("preprocessor_config.json");
        return Files.exists(file) ? parse(file).huggingFace(imageSize) : ImagePreprocessor.clip(imageSize);
    }

    private static PreprocessorFile parse(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new ModelException("%s is larger than such a file can be [bytes: %d, limit: %d, file: %s]"
                        .formatted(file.getFileName(), Files.size(file), MOST_BYTES, file));
            }
            return new PreprocessorFile(file, JSON.readTree(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new ModelException("%s cannot be read as JSON [file: %s, cause: %s]"
                    .formatted(file.getFileName(), file, FirstLine.of(e)), e);
        }
    }

    private ImagePreprocessor huggingFace(int imageSize) {
        refuseUnknown(HUGGING_FACE_KEYS);
        if (!flag("do_resize", true)) {
            throw refused("do_resize", "images are always resized here");
        }
        boolean isSquashed = isSquashed(isOfVit(), imageSize);
        if (flag("do_center_crop", true)) {
            sides("crop_size", imageSize, "height", "width");
        } else if (!isSquashed) {
            throw refused("do_center_crop", "without it, images are square only with a size of height and width");
        }
        Filter filter = switch (get("resample").isMissingNode() ? "3" : get("resample").toString()) {
            case "2" -> Filter.BILINEAR;
            case "3" -> Filter.BICUBIC;
            default -> throw refused("resample", "only bilinear (2) and bicubic (3) are done here");
        };
        // (value · factor − mean) / std, in terms of value / 255
        double unit = flag("do_rescale", true) ? 255 * factor() : 255;
        boolean isNormalised = flag("do_normalize", true);
        float[] mean = isNormalised ? channels("image_mean", -MOST, CLIP_MEAN) : new float[3];
        float[] std = isNormalised ? channels("image_std", 1 / MOST, CLIP_STD) : new float[] {1, 1, 1};
        for (int c = 0; c < 3; c++) {
            mean[c] = (float) (mean[c] / unit);
            std[c] = (float) (std[c] / unit);
        }
        return new ImagePreprocessor(imageSize, mean, std, new Resizing(isSquashed ? Mode.SQUASH : Mode.SHORTEST, filter, 0),
                ImageLimits.DEFAULT);
    }

    private ImagePreprocessor openClip(int imageSize) {
        refuseUnknown(OPEN_CLIP_KEYS);
        sides("size", imageSize);
        if (!text("mode", "RGB").equals("RGB")) {
            throw refused("mode", "images are RGB here");
        }
        Filter filter = switch (text("interpolation", "bicubic")) {
            case "bilinear" -> Filter.BILINEAR;
            case "bicubic" -> Filter.BICUBIC;
            default -> throw refused("interpolation", "only bilinear and bicubic are done here");
        };
        Mode mode = switch (text("resize_mode", "shortest")) {
            case "shortest" -> Mode.SHORTEST;
            case "squash" -> Mode.SQUASH;
            case "longest" -> Mode.LONGEST;
            default -> throw refused("resize_mode", "only shortest, squash and longest are done here");
        };
        JsonNode fill = get("fill_color");
        if (!fill.isMissingNode() && !(fill.isInt() && fill.asInt() >= 0 && fill.asInt() <= 255)) {
            throw refused("fill_color", "only greys from 0 to 255 are done here");
        }
        return new ImagePreprocessor(imageSize, channels("mean", -MOST, CLIP_MEAN), channels("std", 1 / MOST, CLIP_STD),
                new Resizing(mode, filter, mode == Mode.LONGEST ? fill.asInt() : 0), ImageLimits.DEFAULT);
    }

    /** Whether the file is of ViT's class, which resizes both sides and has other defaults; any but that and CLIP's is refused. */
    private boolean isOfVit() {
        String key = get("image_processor_type").isMissingNode() ? "feature_extractor_type" : "image_processor_type";
        String type = text(key, "CLIPImageProcessor");
        if (!type.matches("(CLIP|ViT)(FeatureExtractor|ImageProcessor(Fast|Pil)?)")) {
            throw refused(key, "this is not CLIP's preprocessing");
        }
        boolean isVit = type.startsWith("ViT");
        for (String needed : List.of("size", "resample", "image_mean", "image_std")) {
            if (isVit && get(needed).isMissingNode()) {
                throw refused(key, "its default is not CLIP's where a key is left out; write " + needed + " into the file");
            }
        }
        return isVit;
    }

    /** Whether both sides get a size of their own, instead of the shorter one. */
    private boolean isSquashed(boolean isVit, int imageSize) {
        boolean hasShortest = !isVit && get("size").hasNonNull("shortest_edge");
        if (hasShortest) {
            sides("size", imageSize, "shortest_edge");
        } else {
            sides("size", imageSize, "height", "width");
        }
        if (get("size").isInt() && !isVit && flag("default_to_square", false)) {
            throw refused("default_to_square", "of a size without height and width this says two things; write them into size");
        }
        return isVit || get("size").isObject() && !hasShortest;
    }

    /** Every side that a size names must be the tower's: one number, an object with these names, or, where it has none, a list. */
    private void sides(String key, int imageSize, String... names) {
        JsonNode size = get(key);
        List<JsonNode> sides = new ArrayList<>();
        if (size.isObject()) {
            Set<String> named = new TreeSet<>();
            size.properties().stream().filter(side -> !side.getValue().isNull()).forEach(side -> {
                named.add(side.getKey());
                sides.add(side.getValue());
            });
            if (names.length == 0 || !named.equals(Set.of(names))) {
                throw refused(key, "it can be %s here".formatted(names.length == 0 ? "a number or two" : "a number or " + List.of(names)));
            }
        } else if (size.isArray() && names.length == 0 && (size.size() == 1 || size.size() == 2)) {
            size.forEach(sides::add);
        } else if (!size.isMissingNode()) {
            sides.add(size);
        }
        if (!sides.stream().allMatch(side -> side.isInt() && side.asInt() == imageSize)) {
            throw refused(key, "the image tower takes %d × %d pixels".formatted(imageSize, imageSize));
        }
    }

    private double factor() {
        JsonNode factor = get("rescale_factor");
        double value = factor.asDouble(1 / 255.0);
        if (!factor.isMissingNode() && !factor.isNumber() || !(value >= 1 / MOST && value <= MOST)) {
            throw refused("rescale_factor", "it must be a positive number");
        }
        return value;
    }

    private float[] channels(String key, double least, float[] absent) {
        JsonNode node = get(key);
        if (node.isMissingNode()) {
            return absent.clone();
        }
        float[] values = new float[3];
        for (int c = 0; c < values.length; c++) {
            JsonNode value = node.isArray() && node.size() == values.length ? node.get(c) : node;
            values[c] = (float) value.asDouble();
            if (!value.isNumber() || !(values[c] >= least && values[c] <= MOST)) {
                throw refused(key, "it must be a number, or three, one a channel" + (least > 0 ? ", above 0" : ""));
            }
        }
        return values;
    }

    private boolean flag(String key, boolean absent) {
        JsonNode node = get(key);
        if (!node.isMissingNode() && !node.isBoolean()) {
            throw refused(key, "it must be true or false");
        }
        return node.asBoolean(absent);
    }

    private String text(String key, String absent) {
        JsonNode node = get(key);
        if (!node.isMissingNode() && !node.isTextual()) {
            throw refused(key, "it must be a text");
        }
        return node.asText(absent);
    }

    private JsonNode get(String key) {
        JsonNode node = keys.path(key);
        return node.isNull() ? MissingNode.getInstance() : node;
    }

    /** A key of which nothing is known may change pixels, unless it is off. */
    private void refuseUnknown(Set<String> known) {
        for (Map.Entry<String, JsonNode> key : keys.properties()) {
            boolean isOff = key.getValue().isNull() || key.getValue().isBoolean() && !key.getValue().asBoolean();
            if (!known.contains(key.getKey()) && !HARMLESS_KEYS.contains(key.getKey()) && !isOff) {
                throw refused(key.getKey(), "this key is unknown here and may change pixels; remove it if it does not");
            }
        }
    }

    private ModelException refused(String key, String why) {
        return new ModelException("%s asks for preprocessing that is not done here: %s [%s: %s, file: %s]"
                .formatted(file.getFileName(), why, shown(key), shown(keys.path(key).toString()), file));
    }

    private static String shown(String text) {
        String line = text.replaceAll("\\p{Cntrl}", "?");
        return line.length() <= MOST_SHOWN ? line : line.substring(0, MOST_SHOWN) + "…";
    }
}
