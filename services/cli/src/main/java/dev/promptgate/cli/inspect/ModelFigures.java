package dev.promptgate.cli.inspect;

import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.config.ClipConfig;
import dev.promptgate.clip.config.ClipConfig.TowerShape;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What a loaded model consists of, as names and values to show. */
final class ModelFigures {
    private ModelFigures() {}

    static Map<String, Object> found(ClipModel clip) {
        ClipConfig config = clip.config();
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("image_tower", "%d px in patches of %d, %s".formatted(config.vision().imageSize(), config.vision().patchSize(),
                tower(config.vision().tower())));
        figures.put("text_tower", "%d tokens of %,d, %s".formatted(config.text().maxTokens(), config.text().vocabulary(),
                tower(config.text().tower())));
        figures.put("feature_dim", config.featureDim());
        figures.put("logit_scale", clip.logitScale());
        figures.put("preprocessing", clip.preprocessor().toString());
        figures.put("tokenizer", clip.textEncoder().hasTokenizer() ? "BOS %d, EOS %d".formatted(config.text().bosId(),
                config.text().eosId()) : "none: images can be encoded, prompts cannot");
        figures.put("fingerprint", clip.fingerprint());
        figures.put("device", clip.device().toString());
        return figures;
    }

    private static String tower(TowerShape tower) {
        return "%d layers, %d wide, %d heads, %s".formatted(tower.layers(), tower.width(), tower.heads(),
                tower.activation().name().toLowerCase(Locale.ROOT));
    }
}
