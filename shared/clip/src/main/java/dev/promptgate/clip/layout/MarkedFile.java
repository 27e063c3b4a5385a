package dev.promptgate.clip.layout;

import dev.promptgate.clip.config.ClipConfig;
import dev.promptgate.clip.weights.TensorFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file with the mark of a CLIP ViT in it.
 *
 * @param prefix of the tensors' names; null if there is no mark
 */
record MarkedFile(TensorFile file, String prefix, boolean isHuggingFace) {
    private static final Logger LOG = LoggerFactory.getLogger(MarkedFile.class);
    // Names that open_clip gives to weights and checkpoints.
    private static final String OPEN_CLIPS = "(open_clip|epoch_).*";
    private static final String HUGGING_FACE_CONFIG = "config.json";

    static MarkedFile in(TensorFile file) {
        for (String mark : List.of(TensorNames.HUGGING_FACE_MARK, TensorNames.OPENAI_MARK)) {
            for (String name : file.names()) {
                if (name.equals(mark) || name.endsWith("." + mark)) {
                    return new MarkedFile(file, name.substring(0, name.length() - mark.length()),
                            mark.equals(TensorNames.HUGGING_FACE_MARK));
                }
            }
        }
        return new MarkedFile(file, null, false);
    }

    /** Why it cannot be loaded, if that is plain without a look at shapes and values. */
    Optional<String> obstacle() {
        if (prefix == null) {
            return Optional.of(ModelLayout.NO_VIT + ": neither %s (Hugging Face) nor %s (OpenAI, open_clip); ResNets and towers of"
                    .formatted(TensorNames.HUGGING_FACE_MARK, TensorNames.OPENAI_MARK)
                    + " other libraries are not supported [file: " + file.file() + "]");
        }
        if (isHuggingFace) {
            return Files.exists(beside(HUGGING_FACE_CONFIG)) ? Optional.empty()
                    : Optional.of("There is no config.json beside the weights [file: " + file.file() + "]");
        }
        return Files.exists(beside(ModelLayout.OPEN_CLIP_CONFIG)) || !file.file().getFileName().toString().matches(OPEN_CLIPS)
                ? Optional.empty()
                : Optional.of("Weights of open_clip do not tell the width of their heads and their activation; put the model's"
                        + " open_clip_config.json beside them [file: " + file.file() + "]");
    }

    private Path beside(String name) {
        return file.file().toAbsolutePath().resolveSibling(name);
    }

    ModelLayout layout(int headWidth) {
        if (isHuggingFace) {
            ClipConfig config = HuggingFaceConfig.read(beside(HUGGING_FACE_CONFIG));
            return new ModelLayout("Hugging Face", config, file, new NamedWeights(file, TensorNames.huggingFace(prefix, config)));
        }
        boolean isCustomText = file.names().contains(prefix + TensorNames.CUSTOM_TEXT + "token_embedding.weight");
        boolean isConfigured = Files.exists(beside(ModelLayout.OPEN_CLIP_CONFIG));
        ClipConfig config = isConfigured ? OpenClipConfig.read(beside(ModelLayout.OPEN_CLIP_CONFIG))
                : new OpenAiConfig(file, prefix, prefix + (isCustomText ? TensorNames.CUSTOM_TEXT : ""), headWidth).read();
        if (!isConfigured) {
            LOG.info("Weights without a configuration are taken for OpenAI's: QuickGELU, heads {} wide; if they are others', put"
                    + " open_clip_config.json beside them [file: {}]", headWidth, file.file());
        }
        return new ModelLayout(isConfigured ? ModelLayout.OPEN_CLIP : "OpenAI", config, file,
                new NamedWeights(file, TensorNames.openAi(prefix, isCustomText, config)));
    }
}
