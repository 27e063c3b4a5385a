package dev.promptgate.service.settings.file;

import java.io.StringReader;
import java.util.Set;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Reads YAML down to its nodes and no further: an object made of one has lost how it was written. */
final class YamlSettings {
    private final FileEntries entries;
    private final Set<String> settings;

    YamlSettings(FileEntries entries, Set<String> settings) {
        this.entries = entries;
        this.settings = settings;
    }

    void read(String text) {
        try {
            Node root = new Yaml(new LoaderOptions()).compose(new StringReader(text)); // its bounds on depth and size hold here, too
            if (root instanceof MappingNode map && isPlainMap(map)) {
                settings("", map);
            } else if (root != null && !(root instanceof ScalarNode scalar && scalar.isPlain() && scalar.getValue().isEmpty())) {
                entries.fault("A settings file in YAML must be a map; write lines like 'http.port: 9090'", YamlValue.line(root));
            }
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            entries.fault("The settings file is no YAML: " + withoutNames(String.valueOf(e.getProblem())), line);
        } catch (YAMLException e) {
            entries.fault("The settings file is no YAML: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""), 1);
        }
    }

    /** What names an alias or a tag may be the beginning of a password. */
    private static String withoutNames(String problem) {
        return problem.replaceFirst("(?s)(undefined (?:alias|tag handle)).*", "$1").lines().findFirst().orElse("");
    }

    private void settings(String prefix, MappingNode map) {
        for (NodeTuple entry : map.getValue()) {
            int line = YamlValue.line(entry.getKeyNode());
            if (!(entry.getKeyNode() instanceof ScalarNode name) || name.getTag().equals(Tag.NULL) || name.getTag().equals(Tag.MERGE)) {
                entries.fault("A key must be a setting's name", line);
                continue;
            }
            String key = prefix + name.getValue();
            if (entry.getValueNode() instanceof MappingNode inner && isPlainMap(inner) && !settings.contains(key)) {
                settings(key + ".", inner);
            } else {
                entries.add(key, YamlValue.of(entry.getValueNode(), line));
            }
        }
    }

    /**
     * Whether it can only be further keys. Anchors are left out, as what one stands for would be walked through wherever it is named; and
     * {@code {secret}} is a secret that lacks quotes.
     */
    private static boolean isPlainMap(MappingNode map) {
        return map.getTag().equals(Tag.MAP) && map.getAnchor() == null && map.getValue().stream()
                .allMatch(entry -> entry.getKeyNode() instanceof ScalarNode && !isWithoutValue(map, entry));
    }

    private static boolean isWithoutValue(MappingNode map, NodeTuple entry) {
        return map.getFlowStyle() == FlowStyle.FLOW
                && entry.getValueNode() instanceof ScalarNode value && value.isPlain() && value.getValue().isEmpty();
    }
}
