package dev.promptgate.clip.hub;

import dev.promptgate.clip.failure.FirstLine;
import dev.promptgate.clip.failure.ModelException;
import dev.promptgate.clip.hub.ModelName.OpenAiArchive;
import dev.promptgate.clip.hub.ModelName.Repository;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds a model: a directory or file, or by a name that Hugging Face, open_clip or OpenAI gave it. What Hugging Face's own cache holds is
 * taken from there; else it is downloaded once into ours. A file appears there only when it is whole and its checksum is right; a lock
 * keeps two processes from the same download.
 */
public final class ModelSource {
    /** Whose vocabulary is that of every CLIP whose layout has none of its own. */
    private static final String VOCABULARY = "openai/clip-vit-base-patch32";
    private static final String COMPLETE = ".complete";
    private static final Logger LOG = LoggerFactory.getLogger(ModelSource.class);

    private final HubOptions options;

    private ModelSource(HubOptions options) {
        this.options = options;
    }

    /**
     * Where the model lies, after it was downloaded if need be.
     *
     * @param model a path, {@code org/name} with {@code hf-hub:} before and {@code @revision} behind it if wished, open_clip's
     *     {@code architecture:tag}, or OpenAI's name
     * @param tokenizer where CLIP's vocabulary is taken from if the model has none: a path or {@code org/name}; empty for
     *     {@value #VOCABULARY} if the model is taken by name, and for none if it is a path
     * @throws ModelException if there is no such model, or it cannot be downloaded
     */
    public static ModelFiles resolve(String model, String tokenizer, HubOptions options) {
        return resolve(model, tokenizer, options, ModelName.OPENAI);
    }

    /** The same with OpenAI's archives under other checksums; for tests. */
    static ModelFiles resolve(String model, String tokenizer, HubOptions options, Map<String, OpenAiArchive> archives) {
        ModelSource source = new ModelSource(options);
        Optional<Path> path = path(model);
        if (path.isPresent()) {
            return source.withTokenizer(path.get(), tokenizer);
        }
        ModelName name = ModelName.parse(model, archives);
        Path location = name instanceof OpenAiArchive archive ? source.archive(archive) : source.repository((Repository) name);
        return source.withTokenizer(location, tokenizer.isEmpty() ? VOCABULARY : tokenizer);
    }

    private static Optional<Path> path(String text) {
        try {
            return Optional.of(text).filter(name -> !name.isBlank()).map(Path::of).filter(Files::exists);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private ModelFiles withTokenizer(Path location, String tokenizer) {
        Path directory = Files.isDirectory(location) ? location : location.toAbsolutePath().getParent();
        boolean hasOwn = HubFiles.of(directory).hasTokenizer() || Files.exists(directory.resolve("bpe_simple_vocab_16e6.txt.gz"));
        if (hasOwn || tokenizer.isEmpty()) {
            return new ModelFiles(location, Optional.empty());
        }
        Path found = path(tokenizer).orElseGet(() -> vocabulary(tokenizer));
        LOG.info("The model has no tokenizer of its own; CLIP's is taken from elsewhere [model: {}, tokenizer: {}, at: {}]", location,
                tokenizer, found);
        return new ModelFiles(location, Optional.of(found));
    }

    private Path vocabulary(String name) {
        Repository repository = ModelName.repository(name).orElseThrow(() -> new ModelException(
                "model.tokenizer must be a path that is there, or a Hugging Face name [model.tokenizer: "
                        + name.replaceAll("\\p{Cntrl}", "?") + "]"));
        return cached(repository).filter(snapshot -> HubFiles.of(snapshot).hasTokenizer())
                .orElseGet(() -> once("tokenizers", repository.folder(), name, directory -> {
                    if (!files(repository, directory).hasTokenizer()) {
                        throw new ModelException("The model has no tokenizer files; name another in model.tokenizer [model: " + name + "]");
                    }
                }));
    }

    private Path repository(Repository repository) {
        Optional<Path> earlier = repository.earlierFolder().map(options.cache().resolve("models")::resolve)
                .filter(directory -> Files.exists(directory.resolve(COMPLETE)));
        return cached(repository).filter(ModelSource::isWhole).or(() -> earlier)
                .orElseGet(() -> once("models", repository.folder(), repository.name(), directory -> {
                    HubFiles files = files(repository, directory);
                    if (!files.hasModel()) {
                        throw new ModelException("The hub has no such model, or it holds no CLIP in Hugging Face's or open_clip's layout;"
                                + " check the name and the revision [model: %s, revision: %s, address: %s]".formatted(repository.name(),
                                        repository.revision(), options.hub().getHost()));
                    }
                    files.hasTokenizer();
                    files.takePreprocessing();
                }));
    }

    private static boolean isWhole(Path snapshot) {
        try {
            return HubFiles.of(snapshot).hasModel();
        } catch (ModelException e) {
            return false; // such as a shard that has not come yet: that cache is filled by another program
        }
    }

    private HubFiles files(Repository repository, Path directory) {
        return new HubFiles(directory, file -> Files.exists(directory.resolve(file)) || new Download(options,
                URI.create("%s/%s/resolve/%s/%s".formatted(options.hub(), repository.name(), repository.escapedRevision(), file)),
                directory.resolve(file), Optional.empty()).run());
    }

    private Path archive(OpenAiArchive archive) {
        return once("models", "openai_" + archive.file().replace(".pt", ""), archive.file(), directory -> {
            URI address = URI.create("%s/%s/%s".formatted(options.openAi(), archive.sha256(), archive.file()));
            if (!new Download(options, address, directory.resolve(archive.file()), Optional.of(archive.sha256())).run()) {
                throw new ModelException("OpenAI's archive is not where it was published [address: " + address + "]");
            }
        }).resolve(archive.file());
    }

    /** The snapshot of a revision in Hugging Face's own cache. */
    private Optional<Path> cached(Repository repository) {
        Path folder = options.hubCache().resolve("models--" + repository.name().replace("/", "--"));
        Path reference = folder.resolve("refs").resolve(repository.revision());
        try {
            String commit = Files.isRegularFile(reference) ? Files.readString(reference).strip() : repository.revision();
            return Optional.of(commit).filter(name -> name.matches("[\\w.-]+")).map(name -> folder.resolve("snapshots").resolve(name))
                    .filter(Files::isDirectory);
        } catch (IOException e) {
            throw new ModelException("Hugging Face's cache cannot be read [file: %s, cause: %s]".formatted(reference, FirstLine.of(e)), e);
        }
    }

    /** A folder of our cache, filled if it is not: by one thread of one process. */
    private Path once(String kind, String folder, String model, Consumer<Path> download) {
        Path directory = options.cache().resolve(kind).resolve(folder);
        if (Files.exists(directory.resolve(COMPLETE))) {
            return directory;
        }
        if (options.isOffline()) {
            throw new ModelException(
                    "The model is not on this machine, and HF_HUB_OFFLINE forbids to download it [model: %s, looked in: %s,"
                            .formatted(model, options.cache()) + " " + options.hubCache() + "]");
        }
        synchronized (ModelSource.class) { // locks of files are held by processes, not by threads
            try {
                Files.createDirectories(directory);
                try (FileChannel channel = FileChannel.open(directory.resolve(".lock"), StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE); FileLock lock = channel.lock()) {
                    if (lock.isValid() && !Files.exists(directory.resolve(COMPLETE))) {
                        download.accept(directory);
                        Files.createFile(directory.resolve(COMPLETE));
                    }
                }
                return directory;
            } catch (IOException e) {
                throw new ModelException("The model cache cannot be written [directory: %s, cause: %s]".formatted(directory,
                        FirstLine.of(e)), e);
            }
        }
    }
}
