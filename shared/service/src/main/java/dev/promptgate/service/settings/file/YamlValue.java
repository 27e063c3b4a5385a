package dev.promptgate.service.settings.file;

import dev.promptgate.service.settings.file.WrittenValue.Form;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.resolver.Resolver;

/** What a YAML node says as a setting's value. */
final class YamlValue {
    /** Numbers and truth values in one of YAML 1.1 and 1.2 that the library takes for text. */
    private static final Pattern TYPED_ELSEWHERE = Pattern.compile("[yYnN]|[-+]?[0-9][0-9_]*|[-+]?0[oO][0-7]+");

    private YamlValue() {}

    /** @param line of the key */
    static WrittenValue of(Node node, int line) {
        if (node instanceof ScalarNode scalar) {
            return scalar(scalar, line);
        }
        if (node instanceof SequenceNode list && list.getTag().equals(Tag.SEQ) && list.getAnchor() == null) {
            return list(list, line);
        }
        String fault = node.getAnchor() != null ? "must not be an anchor's map or list; write it out"
                : "takes a value, not a map; put a text with braces in quotes";
        return WrittenValue.none(fault, List.of(), line);
    }

    static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }

    private static WrittenValue scalar(ScalarNode scalar, int line) {
        String text = scalar.getValue();
        Tag implied = new Resolver().resolve(NodeId.scalar, text, scalar.isPlain());
        if (!scalar.getTag().equals(Tag.STR) && !scalar.getTag().equals(implied)) {
            return WrittenValue.none("must not have a tag", List.of(text), line);
        }
        if (scalar.getTag().equals(Tag.NULL)) {
            return WrittenValue.none("has no value; write '' for an empty text, or leave the key out", List.of(), line);
        }
        boolean isTyped = scalar.isPlain() && (!scalar.getTag().equals(Tag.STR) || implied.equals(Tag.STR)
                && TYPED_ELSEWHERE.matcher(text).matches());
        return new WrittenValue(isTyped ? Form.TYPED : isOverLines(scalar) ? Form.LINES : Form.TEXT, List.of(text), "", line);
    }

    private static boolean isOverLines(ScalarNode scalar) {
        return scalar.getScalarStyle() == ScalarStyle.FOLDED || scalar.getScalarStyle() == ScalarStyle.LITERAL
                || scalar.getStartMark().getLine() < scalar.getEndMark().getLine();
    }

    private static WrittenValue list(SequenceNode list, int line) {
        List<WrittenValue> elements = list.getValue().stream().map(element -> of(element, line(element))).toList();
        List<String> texts = elements.stream().flatMap(element -> element.texts().stream()).toList();
        Optional<String> fault = elements.isEmpty() ? Optional.of("has an empty list; leave the key out")
                : elements.stream().flatMap(element -> fault(element).stream()).findFirst();
        return fault.map(why -> WrittenValue.none(why, texts, line)).orElse(new WrittenValue(Form.LIST, texts, "", line));
    }

    private static Optional<String> fault(WrittenValue element) {
        return switch (element.form()) {
            case TEXT, LINES -> element.texts().get(0).isBlank() || element.texts().get(0).contains(",")
                    ? Optional.of("has a list with an element that is empty or holds a comma; write an element a line")
                    : Optional.empty();
            case TYPED -> Optional.of("has a list with an element that YAML takes for a number, a truth value or a time; put it in quotes");
            default -> Optional.of("has a list with an element that is no text; write an element a line");
        };
    }
}
