package dev.promptgate.cli.inspect;

import ai.djl.ndarray.types.DataType;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.config.ClipConfig;
import dev.promptgate.clip.config.ClipConfig.TowerShape;
import dev.promptgate.clip.failure.FirstLine;
import dev.promptgate.clip.failure.ModelException;
import dev.promptgate.clip.hub.ModelFiles;
import dev.promptgate.clip.layout.ModelLayout;
import dev.promptgate.clip.weights.TensorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a model consists of, as names and values to show. */
final class ModelFigures {
    private static final String NO_TOKENIZER = "none: images can be encoded, prompts cannot";

    private ModelFigures() {}

    /** What its files tell, without loading it. */
    static Map<String, Object> stored(ModelFiles files) {
        Map<String, Object> figures = new LinkedHashMap<>();
        try (ModelLayout layout = ModelLayout.open(files.location())) {
            TensorFile weights = layout.file();
            List<String> floats = weights.names().stream().filter(name -> weights.type(name).isFloating()).toList();
            figures.put("layout", layout.name());
            figures.put("weights", weights.file().toString());
            figures.put("weights_type", floats.stream().map(weights::type).distinct().map(DataType::name).sorted()
                    .collect(Collectors.joining(", ")).toLowerCase(Locale.ROOT));
            figures.put("parameters", floats.stream().mapToLong(name -> weights.shape(name).size()).sum());
        }
        figures.put("bytes_on_disk", bytes(files.location()));
        return figures;
    }

    private static long bytes(Path location) {
        try (Stream<Path> all = Files.isDirectory(location) ? Files.list(location) : Stream.of(location)) {
            return all.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
        } catch (IOException e) {
            throw new ModelException("The directory cannot be listed [directory: %s, cause: %s]".formatted(location, FirstLine.of(e)), e);
        }
    }

    /** What the loaded model is like. */
    static Map<String, Object> loaded(ClipModel clip) {
        ClipConfig config = clip.config();
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("image_tower", "%d px in patches of %d, %s".formatted(config.vision().imageSize(), config.vision().patchSize(),
                tower(config.vision().tower())));
        figures.put("text_tower", "%d tokens of a vocabulary of %d, %s".formatted(config.text().maxTokens(), config.text().vocabulary(),
                tower(config.text().tower())));
        figures.put("feature_dim", config.featureDim());
        figures.put("logit_scale", clip.logitScale());
        figures.put("preprocessing", clip.preprocessor().toString());
        figures.put("tokenizer", clip.textEncoder().hasTokenizer()
                ? "BOS %d, EOS %d, as the weights".formatted(config.text().bosId(), config.text().eosId()) : NO_TOKENIZER);
        figures.put("precision", clip.precision().word());
        figures.put("fingerprint", clip.fingerprint());
        return figures;
    }

    private static String tower(TowerShape tower) {
        return "%d layers, %d wide, %d heads, %s".formatted(tower.layers(), tower.width(), tower.heads(),
                tower.activation().name().toLowerCase(Locale.ROOT));
    }
}
