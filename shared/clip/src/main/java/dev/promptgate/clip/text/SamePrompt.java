package dev.promptgate.clip.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.clip.tokenizer.ClipTokenizer;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Class names of which no prompt can tell one from another: CLIP's tokenizer cuts them into the same tokens. They differ in case, in white
 * space and underscores, in how accents are composed, or in spaces where the tokenizer cuts anyway ({@code route 66}, {@code route66}). A
 * name in quotes as JSON text, as some clients send headers, counts as what is in the quotes. Needs no model: the text alone decides.
 *
 * <p>What Unicode does not call the same letter in another case is another name: {@code ß} and {@code ss}, Turkish {@code ı} and {@code i},
 * a Greek word with final sigma and the one in capitals, full-width letters and plain ones.
 *
 * @param names two at least, in the order of their code units
 */
public record SamePrompt(List<String> names) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    /** Where CLIP's tokenizer cuts. */
    private static final Pattern PIECES = Pattern.compile("'s|'t|'re|'ve|'m|'ll|'d|\\p{L}+|\\p{N}|[^ \\p{L}\\p{N}]+");
    private static final int MOST_SHOWN = 8;

    /** Of some names those that are the same prompt as another, group by group. */
    public static List<SamePrompt> among(Collection<String> names) {
        Map<String, TreeSet<String>> byKey = new TreeMap<>();
        names.forEach(name -> byKey.computeIfAbsent(key(name), key -> new TreeSet<>()).add(name));
        return byKey.values().stream().filter(group -> group.size() > 1).map(group -> new SamePrompt(List.copyOf(group))).toList();
    }

    /**
     * The same of labels as producers send them: one in JSON's quotes is a spelling of what is in them, though nobody may have sent that.
     */
    public static List<SamePrompt> amongLabels(Collection<String> labels) {
        Set<String> all = new HashSet<>(labels);
        labels.stream().map(SamePrompt::stripped).filter(label -> !unquoted(label).equals(label))
                .forEach(label -> all.add(unquoted(label)));
        return among(all);
    }

    /** Equal for two names if and only if they are the same prompt; for nothing else to read. */
    public static String key(String name) {
        return PIECES.matcher(folded(name)).results().map(MatchResult::group).collect(Collectors.joining(" "));
    }

    /**
     * The form in which a name is written once for all its spellings: composed (NFC), in lower case, single-spaced, without JSON's quotes.
     * It depends on nothing but the name. Spaces where the tokenizer cuts anyway stay as they are. May come out blank.
     */
    public static String folded(String name) {
        String spoken = spoken(name);
        String unquoted = unquoted(spoken);
        if (!unquoted.equals(spoken)) {
            return folded(unquoted);
        }
        boolean isAscii = spoken.chars().allMatch(c -> c < 0x80);
        String composed = isAscii ? spoken : Normalizer.normalize(ClipTokenizer.withoutLigatures(spoken), Normalizer.Form.NFC);
        StringBuilder folded = new StringBuilder(composed.length());
        composed.codePoints().forEach(c -> {
            if (!isBlank(c)) {
                lowerCase(c, folded);
            } else if (folded.charAt(folded.length() - 1) != ' ') { // no blank is the first
                folded.append(' ');
            }
        });
        return folded.toString();
    }

    /** Letter by letter, as the tokenizer does it: of a whole text, Java ends words in a final sigma. */
    private static void lowerCase(int c, StringBuilder text) {
        text.append(c == '\u0130' ? "i\u0307" : Character.toString(Character.toLowerCase(c)));
    }

    /** As a name stands in a prompt: underscores read as spaces, and none around it. */
    static String spoken(String name) {
        return stripped(name.replace('_', ' '));
    }

    private static String stripped(String text) {
        int begin = 0;
        int end = text.length();
        while (begin < end && isBlank(text.charAt(begin))) {
            begin++;
        }
        while (begin < end && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(begin, end);
    }

    /** Unicode's White_Space, as the tokenizer has it: Java's own lacks the spaces that do not break. */
    private static boolean isBlank(int c) {
        return Character.isSpaceChar(c) || c >= '\t' && c <= '\r' || c == 0x85;
    }

    private static String unquoted(String name) {
        if (name.length() < 3 || !name.startsWith("\"") || !name.endsWith("\"")) {
            return name;
        }
        try {
            String text = JSON.readValue(name, String.class);
            return text.codePoints().allMatch(SamePrompt::isText) ? text : name;
        } catch (JsonProcessingException e) {
            return name; // quotes of another kind
        }
    }

    /** JSON can escape what no label may hold. */
    private static boolean isText(int c) {
        return !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE;
    }

    /** What to make of the group: its folded name, one that it holds if there is one. */
    public String merged() {
        List<String> folded = names.stream().map(SamePrompt::folded).toList();
        return folded.stream().filter(names::contains).findFirst().orElse(folded.get(0));
    }

    /** The names for people, quoted, on one line; what cannot be seen is written as {@code \\uXXXX}. */
    public String shown() {
        List<String> shown = new ArrayList<>(names.stream().limit(MOST_SHOWN).map(SamePrompt::quoted).toList());
        if (names.size() > MOST_SHOWN) {
            shown.add("and %d more".formatted(names.size() - MOST_SHOWN));
        }
        return String.join(", ", shown);
    }

    /** A name for people, as {@link #shown} has it. */
    public static String quoted(String name) {
        boolean isComposed = Normalizer.isNormalized(name, Normalizer.Form.NFC);
        return name.codePoints().mapToObj(c -> c == '"' ? "\\\"" : isSeen(c, isComposed) ? Character.toString(c) : "\\u%04X".formatted(c))
                .collect(Collectors.joining("", "\"", "\""));
    }

    private static boolean isSeen(int c, boolean isComposed) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE,
                    Character.UNASSIGNED, Character.PRIVATE_USE ->
                false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            case Character.NON_SPACING_MARK -> isComposed;
            default -> true;
        };
    }
}
