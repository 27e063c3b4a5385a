package dev.promptgate.k8s.kustomize;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** YAML documents as trees, numbers read as Kubernetes reads them: {@code 0400} is octal. A key given twice is an error. */
public final class YamlFile {
    private static final ObjectMapper TREES = new ObjectMapper();

    private YamlFile() {}

    /** The documents of a file, empty ones left out. */
    public static List<ObjectNode> read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static List<ObjectNode> parse(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        List<ObjectNode> documents = new ArrayList<>();
        for (Object document : new Yaml(new SafeConstructor(options)).loadAll(new StringReader(text))) {
            if (document != null) {
                documents.add(TREES.valueToTree(document));
            }
        }
        return documents;
    }
}
