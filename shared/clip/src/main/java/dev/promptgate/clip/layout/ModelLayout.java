package dev.promptgate.clip.layout;

import dev.promptgate.clip.config.ClipConfig;
import dev.promptgate.clip.failure.ModelException;
import dev.promptgate.clip.weights.TensorFile;
import dev.promptgate.clip.weights.WeightSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model's files in the layout that its publisher gave them; what lies there decides, not how the folder is called. Closing it closes the
 * weights.
 *
 * @param name of the layout, for people
 * @param file where the weights lie, by their own names
 * @param weights the same by the names that the towers ask for
 */
public record ModelLayout(String name, ClipConfig config, TensorFile file, WeightSource weights) implements AutoCloseable {
    /** In all of OpenAI's models. */
    public static final int OPENAI_HEAD_WIDTH = 64;

    private static final Logger LOG = LoggerFactory.getLogger(ModelLayout.class);
    /** The publishers' names of files of weights, the better format first. */
    private static final List<String> PUBLISHED = List.of("model.safetensors", "model.safetensors.index.json",
            "open_clip_model.safetensors", "open_clip_pytorch_model.safetensors", "pytorch_model.bin", "pytorch_model.bin.index.json",
            "open_clip_pytorch_model.bin");
    private static final String SAFETENSORS = ".safetensors";
    private static final String OTHER = ".+\\.(safetensors|bin|pt|pth|ckpt)";
    // Names that open_clip gives to weights and checkpoints.
    private static final String OPEN_CLIPS = "(open_clip|epoch_).*";
    private static final String NO_VIT = "The file holds no CLIP ViT";
    private static final String HUGGING_FACE_CONFIG = "config.json";
    private static final String OPEN_CLIP = "open_clip";
    private static final String OPEN_CLIP_CONFIG = "open_clip_config.json";

    /**
     * Opens a directory, or a file of weights together with the configuration beside it.
     *
     * @throws ModelException if there is no CLIP ViT that can be loaded
     */
    public static ModelLayout open(Path location) {
        return open(location, OPENAI_HEAD_WIDTH);
    }

    /** The same with heads of another width where no configuration tells; for tests. */
    public static ModelLayout open(Path location, int headWidth) {
        if (Files.isRegularFile(location)) {
            return of(TensorFile.open(location), headWidth);
        }
        if (!Files.isDirectory(location)) {
            throw new ModelException("There is no model here; give a directory with a model's files, or a file of weights [path: "
                    + location + "]");
        }
        return of(TensorFile.open(choose(location)), headWidth);
    }

    /** The first file of a published name that can be used; else the only one of another name, or the only one of those in safetensors. */
    private static Path choose(Path directory) {
        List<String> obstacles = new ArrayList<>();
        for (String name : PUBLISHED) {
            if (Files.exists(directory.resolve(name)) && isUsable(directory.resolve(name), obstacles)) {
                return directory.resolve(name);
            }
        }
        List<Path> usable = new ArrayList<>();
        for (Path other : others(directory)) {
            try {
                if (isUsable(other, obstacles)) {
                    usable.add(other);
                }
            } catch (ModelException e) {
                obstacles.add(e.getMessage()); // whatever people keep beside a model
            }
        }
        List<Path> preferred = usable.stream().filter(path -> path.toString().endsWith(SAFETENSORS)).toList();
        List<Path> choice = preferred.isEmpty() ? usable : preferred;
        if (choice.size() > 1) {
            throw new ModelException("The directory holds several models; give one of the files instead [files: %s]".formatted(choice));
        }
        if (choice.isEmpty()) {
            String plain = obstacles.isEmpty() ? "neither " + String.join(", ", PUBLISHED) + " nor another file of weights is there"
                    : obstacles.get(0);
            throw new ModelException("The directory holds no model that can be loaded: %s [directory: %s]".formatted(
                    obstacles.stream().filter(obstacle -> !obstacle.startsWith(NO_VIT)).findFirst().orElse(plain), directory));
        }
        return choice.get(0);
    }

    private static boolean isUsable(Path path, List<String> obstacles) {
        try (TensorFile file = TensorFile.open(path)) {
            Optional<String> obstacle = Marked.in(file).obstacle();
            obstacle.ifPresent(obstacles::add);
            return obstacle.isEmpty();
        }
    }

    private static List<Path> others(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches(OTHER) && Files.isRegularFile(file)
                    && !PUBLISHED.contains(file.getFileName().toString())).sorted().toList();
        } catch (IOException e) {
            throw new ModelException("The directory cannot be listed [directory: %s, cause: %s]".formatted(directory, e.getMessage()), e);
        }
    }

    /** Takes the file over, and closes it if it cannot be used. */
    private static ModelLayout of(TensorFile file, int headWidth) {
        try {
            Marked marked = Marked.in(file);
            marked.obstacle().ifPresent(obstacle -> {
                throw new ModelException(obstacle);
            });
            return marked.layout(headWidth);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Where the weights lie, and what belongs to them. */
    public Path directory() {
        return file.file().toAbsolutePath().getParent();
    }

    /** The file or directory that tells of the preprocessing, in the layout of the weights, whatever else lies there. */
    public Path preprocessing() {
        return name.equals(OPEN_CLIP) ? directory().resolve(OPEN_CLIP_CONFIG) : directory();
    }

    @Override
    public void close() {
        file.close();
    }

    /**
     * A file with the mark of a CLIP ViT in it.
     *
     * @param prefix of the tensors' names; null if there is no mark
     */
    private record Marked(TensorFile file, String prefix, boolean isHuggingFace) {
        static Marked in(TensorFile file) {
            for (String mark : List.of(TensorNames.HUGGING_FACE_MARK, TensorNames.OPENAI_MARK)) {
                for (String name : file.names()) {
                    if (name.equals(mark) || name.endsWith("." + mark)) {
                        return new Marked(file, name.substring(0, name.length() - mark.length()),
                                mark.equals(TensorNames.HUGGING_FACE_MARK));
                    }
                }
            }
            return new Marked(file, null, false);
        }

        /** Why it cannot be loaded, if that is plain without a look at shapes and values. */
        Optional<String> obstacle() {
            if (prefix == null) {
                return Optional.of(NO_VIT + ": neither %s (Hugging Face) nor %s (OpenAI, open_clip); ResNets and towers of"
                        .formatted(TensorNames.HUGGING_FACE_MARK, TensorNames.OPENAI_MARK)
                        + " other libraries are not supported [file: " + file.file() + "]");
            }
            if (isHuggingFace) {
                return Files.exists(beside(HUGGING_FACE_CONFIG)) ? Optional.empty()
                        : Optional.of("There is no config.json beside the weights [file: " + file.file() + "]");
            }
            return Files.exists(beside(OPEN_CLIP_CONFIG)) || !file.file().getFileName().toString().matches(OPEN_CLIPS) ? Optional.empty()
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
            boolean isConfigured = Files.exists(beside(OPEN_CLIP_CONFIG));
            ClipConfig config = isConfigured ? OpenClipConfig.read(beside(OPEN_CLIP_CONFIG))
                    : new OpenAiConfig(file, prefix, prefix + (isCustomText ? TensorNames.CUSTOM_TEXT : ""), headWidth).read();
            if (!isConfigured) {
                LOG.info("Weights without a configuration are taken for OpenAI's: QuickGELU, heads {} wide; if they are others', put"
                        + " open_clip_config.json beside them [file: {}]", headWidth, file.file());
            }
            return new ModelLayout(isConfigured ? OPEN_CLIP : "OpenAI", config, file,
                    new NamedWeights(file, TensorNames.openAi(prefix, isCustomText, config)));
        }
    }
}
