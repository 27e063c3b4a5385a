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

/**
 * A model's files in the layout that its publisher gave them; what lies there decides, not how the folder is called. Closing it closes the
 * weights.
 *
 * @param name of the layout, for people
 * @param file where the weights lie, by their own names
 * @param weights the same by the names that the towers ask for
 */
public record ModelLayout(String name, ClipConfig config, TensorFile file, WeightSource weights) implements AutoCloseable {
    /** The same in all models that OpenAI published. */
    public static final int OPENAI_HEAD_WIDTH = 64;

    /** The publishers' names of files of weights, the better format first. */
    private static final List<String> PUBLISHED = List.of("model.safetensors", "model.safetensors.index.json",
            "open_clip_model.safetensors", "open_clip_pytorch_model.safetensors", "pytorch_model.bin", "pytorch_model.bin.index.json",
            "open_clip_pytorch_model.bin");
    private static final String SAFETENSORS = ".safetensors";
    private static final String OTHER = "(?i).+\\.(safetensors|bin|pt|pth|ckpt)";
    static final String NO_VIT = "The file holds no CLIP ViT";
    static final String OPEN_CLIP = "open_clip";
    static final String OPEN_CLIP_CONFIG = "open_clip_config.json";

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
            Optional<String> obstacle = MarkedFile.in(file).obstacle();
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
            MarkedFile marked = MarkedFile.in(file);
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
}
