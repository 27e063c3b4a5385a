package dev.promptgate.service.secrets;

import java.io.IOException;
import java.io.StreamTokenizer;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The secrets in a JAAS configuration such as {@code org.example.PlainLoginModule required username="a" password="b";}. When one is
 * malformed Kafka's error quotes the word at which it stumbled, which may be a piece of a password; so every word counts as a secret that
 * is not known to be none.
 */
final class JaasSecrets {
    private static final Set<String> PUBLIC_OPTIONS = Set.of("username", "clientId", "scope", "principal", "keyTab", "serviceName",
            "tokenauth", "useKeyTab", "storeKey", "useTicketCache", "debug");
    private static final Set<String> WORDS = Set.of("password", "clientSecret", "required", "requisite", "sufficient", "optional", "true",
            "false");
    /** As they are written, with escapes; the tokenizer gives them without. */
    private static final Pattern WRITTEN = Pattern.compile(
            "([\\w$.-]+)\\s*=\\s*(?:\"([^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+)\"|'([^'\\\\]*+(?:\\\\.[^'\\\\]*+)*+)'|([^\\s;\"']+))");

    private final Set<String> secrets = new HashSet<>();
    private final Set<String> open = new HashSet<>();

    private JaasSecrets() {}

    static Set<String> of(String config) {
        JaasSecrets found = new JaasSecrets();
        Set<String> words = found.tokens(config);
        Matcher written = WRITTEN.matcher(config);
        while (written.find()) {
            found.option(written.group(1),
                    written.group(2) != null ? written.group(2) : written.group(3) != null ? written.group(3) : written.group(4));
        }
        words.removeIf(
                word -> found.open.contains(word) || WORDS.contains(word) || PUBLIC_OPTIONS.contains(word) || word.startsWith("extension_")
                        || word.contains("LoginModule"));
        found.secrets.addAll(words);
        return found.secrets;
    }

    /** Reads as Kafka does; the words that are no option's value are returned. */
    private Set<String> tokens(String config) {
        StreamTokenizer tokenizer = new StreamTokenizer(new StringReader(config));
        tokenizer.slashSlashComments(true);
        tokenizer.slashStarComments(true);
        tokenizer.wordChars('-', '-');
        tokenizer.wordChars('_', '_');
        tokenizer.wordChars('$', '$');
        Set<String> words = new HashSet<>();
        try {
            String name = null;
            boolean isValue = false;
            while (tokenizer.nextToken() != StreamTokenizer.TT_EOF) {
                String word = tokenizer.sval;
                if (isValue && word != null) {
                    option(name, word);
                } else if (word != null) {
                    words.add(word);
                }
                isValue = tokenizer.ttype == '=' && name != null;
                name = isValue ? name : word;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("A string cannot fail to be read", e);
        }
        return words;
    }

    private void option(String name, String value) {
        (PUBLIC_OPTIONS.contains(name) ? open : secrets).add(value);
    }
}
