package dev.promptgate.clip.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.clip.failure.ModelException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds a model: a directory, a {@code .pt} archive, or a Hugging Face name that is downloaded once into the cache. A file appears in the
 * cache only when it is whole and its checksum is right; a lock keeps two processes from the same download.
 */
public final class ModelSource {
    private static final Pattern NAME = Pattern.compile("([A-Za-z0-9][\\w.-]*/[A-Za-z0-9][\\w.-]*)(?:@([\\w.-]+))?");
    private static final String COMPLETE = ".complete";

    private ModelSource() {}

    /**
     * The directory or archive to load.
     *
     * @param model a path, or {@code org/name} with {@code @revision} if wished
     * @throws ModelException if there is no such model, or it cannot be downloaded
     */
    public static Path resolve(String model, HubOptions options) {
        Path path = Path.of(model);
        if (Files.exists(path)) {
            return path;
        }
        Matcher name = NAME.matcher(model);
        if (!name.matches() || model.endsWith(".pt") || model.contains("..")) {
            throw new ModelException(
                    "There is no such model: neither a directory, a .pt archive nor a Hugging Face name like"
                            + " openai/clip-vit-base-patch16 [model: " + model + "]");
        }
        String revision = name.group(2) == null ? "main" : name.group(2);
        Path directory = options.cache().resolve("models").resolve(name.group(1).replace('/', '_') + "@" + revision);
        if (Files.exists(directory.resolve(COMPLETE))) {
            return directory;
        }
        try {
            Files.createDirectories(directory);
            try (FileChannel channel = FileChannel.open(directory.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = channel.lock()) {
                if (lock.isValid() && !Files.exists(directory.resolve(COMPLETE))) {
                    download(new HubDownload(options, name.group(1), revision), directory);
                    Files.createFile(directory.resolve(COMPLETE));
                }
            }
            return directory;
        } catch (IOException e) {
            throw new ModelException("The model cache cannot be written [directory: %s, cause: %s]".formatted(directory, e.getMessage()),
                    e);
        }
    }

    private static void download(HubDownload hub, Path directory) throws IOException {
        if (!hub.fetch("config.json", directory)) {
            throw new ModelException(
                    "The hub has no such model, or it is not in Hugging Face layout; check the name [model: %s, address: %s]"
                            .formatted(hub.model(), hub.options().address()));
        }
        if (!hub.fetch("model.safetensors", directory)) {
            if (!hub.fetch("model.safetensors.index.json", directory)) {
                throw new ModelException(
                        "The model has no safetensors weights; choose a revision that has, or convert it [model: " + hub.model() + "]");
            }
            JsonNode index = new ObjectMapper().readTree(directory.resolve("model.safetensors.index.json").toFile());
            TreeSet<String> shards = new TreeSet<>();
            index.path("weight_map").forEach(shard -> shards.add(shard.asText()));
            for (String shard : shards) {
                if (!shard.matches("[\\w.-]+") || !hub.fetch(shard, directory)) {
                    throw new ModelException(
                            "A shard that the model's index names is missing [shard: %s, model: %s]".formatted(shard, hub.model()));
                }
            }
        }
        if (!hub.fetch("tokenizer.json", directory) && !(hub.fetch("vocab.json", directory) && hub.fetch("merges.txt", directory))) {
            throw new ModelException("The model has no tokenizer files [model: " + hub.model() + "]");
        }
        hub.fetch("preprocessor_config.json", directory);
    }
}
