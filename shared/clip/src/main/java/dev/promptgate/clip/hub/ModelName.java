package dev.promptgate.clip.hub;

import dev.promptgate.clip.failure.ModelException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a model's name stands for, if it is no path. */
sealed interface ModelName {
    record Repository(String name, String revision) implements ModelName {
        /** The name of its folder in our cache; the hub allows no two hyphens in a name, so that no two repositories share one. */
        String folder() {
            return name.replace("/", "--") + "@" + escapedRevision();
        }

        /** The same as earlier versions wrote it; empty if that could be another repository's. */
        Optional<String> earlierFolder() {
            return Optional.of(name.replace('/', '_') + "@" + escapedRevision()).filter(folder -> !name.contains("_"));
        }

        /** One step of a path: the hub takes {@code refs%2Fpr%2F15}. */
        String escapedRevision() {
            return revision.replace("/", "%2F");
        }
    }

    /** An archive that OpenAI published, whose SHA-256 is part of its address. */
    record OpenAiArchive(String file, String sha256) implements ModelName {}

    /** The published models with image towers that are transformers. */
    Map<String, OpenAiArchive> OPENAI = Map.of(
            "ViT-B/32", new OpenAiArchive("ViT-B-32.pt", "40d365715913c9da98579312b702a82c18be219cc2a73407c4526f58eba950af"),
            "ViT-B/16", new OpenAiArchive("ViT-B-16.pt", "5806e77cd80f8b59890b7e101eabd078d9fb84e6937f9e85e4ecb61988df416f"),
            "ViT-L/14", new OpenAiArchive("ViT-L-14.pt", "b8cca3fd41ae0c99ba7e8951adf17d267cdb84cd88be6f7c2e0eca1737a03836"),
            "ViT-L/14@336px", new OpenAiArchive("ViT-L-14-336px.pt", "3035c92b350959924f9f00213499208652fc7ea050643e8b385c2dac08641f02"));
    Pattern REPOSITORY = Pattern.compile("(?:hf-hub:)?([A-Za-z0-9][\\w.-]*/[A-Za-z0-9][\\w.-]*)(?:@([A-Za-z0-9][\\w.-]*(?:/[\\w.-]+)*))?");
    Pattern PAIR = Pattern.compile("[A-Za-z0-9][\\w-]*(?:/[\\w-]+)?:[\\w-]+");

    /**
     * @param archives of OpenAI, by their names
     * @throws ModelException if it is no name that is known
     */
    static ModelName parse(String name, Map<String, OpenAiArchive> archives) {
        if (archives.containsKey(name)) {
            return archives.get(name);
        }
        if (PAIR.matcher(name).matches() && !name.startsWith("hf-hub:")) {
            return pair(name);
        }
        return repository(name).orElseThrow(
                () -> new ModelException("There is no such model: neither a directory, a file of weights, a Hugging Face name like"
                        + " openai/clip-vit-base-patch16, one of open_clip's pairs like ViT-B-16:laion2b_s34b_b88k nor one of OpenAI's"
                        + " names "
                        + new TreeSet<>(OPENAI.keySet()) + " [model: " + name.replaceAll("\\p{Cntrl}", "?") + "]"));
    }

    /** The hub's repository of that name, whether there is one or not; empty if no repository can have it. */
    static Optional<Repository> repository(String name) {
        Matcher repository = REPOSITORY.matcher(name);
        if (!repository.matches() || OPENAI.containsKey(name) || name.contains("..") || repository.group(1).contains("--")
                || name.matches(".*\\.(pt|pth|bin|safetensors|ckpt)")) {
            return Optional.empty();
        }
        return Optional.of(new Repository(repository.group(1), repository.group(2) == null ? "main" : repository.group(2)));
    }

    /** As open_clip reads it: an architecture with a slash, tags in capitals and with hyphens are the same. */
    private static ModelName pair(String given) {
        String name = given.substring(0, given.indexOf(':')).replace('/', '-')
                + given.substring(given.indexOf(':')).toLowerCase(Locale.ROOT).replace('-', '_');
        Properties pairs = new Properties();
        try (InputStream in = ModelName.class.getResourceAsStream("open-clip-pairs.properties")) {
            pairs.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String repository = pairs.getProperty(name.replace("-quickgelu:", ":").replace(':', '/')); // its configuration tells the activation
        if (repository == null) {
            String architecture = name.substring(0, name.indexOf(':') + 1).replace(':', '/');
            String known = pairs.stringPropertyNames().stream().filter(pair -> pair.startsWith(architecture)).sorted()
                    .map(pair -> pair.substring(architecture.length())).collect(Collectors.joining(", "));
            throw new ModelException("open_clip's pair is not known, or no CLIP of two transformers [model: %s, %s]".formatted(given,
                    known.isEmpty() ? "architectures: " + pairs.stringPropertyNames().stream().map(pair -> pair.split("/")[0]).sorted()
                            .distinct().collect(Collectors.joining(", ")) : "tags: " + known));
        }
        return new Repository(repository, "main");
    }
}
