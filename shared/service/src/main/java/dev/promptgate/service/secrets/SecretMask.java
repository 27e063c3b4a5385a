package dev.promptgate.service.secrets;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Knows secret values and replaces them in texts, so that neither a log line nor an error shows one, whoever wrote it. Beside the values
 * themselves it replaces what stands after {@code password=} and the like. It forgets nothing. Thread-safe.
 */
public final class SecretMask {
    /** What stands where a secret was. */
    public static final String MASKED = "***";

    private static final SecretMask OF_PROCESS = new SecretMask();
    /** A shorter value would be found in words and numbers that have nothing to do with it. */
    private static final int SHORTEST = 4;
    /** Kafka lists its configuration with "null" and "[hidden]", which tell whether one is set. */
    private static final Pattern ASSIGNED = Pattern.compile("(?i)((?:password|passwd|passphrase|secret)\\s*=\\s*)"
            + "(?!(?:null|\\[hidden])(?:\\s|$))(?:\"[^\"]*\"|'[^']*'|[\"']?[^\\s,;\"'})\\]]+)");

    private final Set<String> known = new TreeSet<>(
            Comparator.comparingInt(String::length).reversed().thenComparing(Comparator.naturalOrder()));
    private volatile List<String> longestFirst = List.of();

    /** The one that this process's logs and errors go through. */
    public static SecretMask ofProcess() {
        return OF_PROCESS;
    }

    /** Takes note of the secret that {@code name} has. In a JAAS configuration each password counts on its own, in PEM each line. */
    public void learn(String name, String value) {
        Set<String> secrets = new LinkedHashSet<>(List.of(value.strip()));
        if (name.contains("jaas")) {
            secrets.addAll(JaasSecrets.of(value));
        } else {
            value.lines().map(String::strip).filter(line -> !line.startsWith("-----")).forEach(secrets::add);
        }
        secrets.removeIf(secret -> secret.length() < SHORTEST || secret.equals("true") || secret.equals("false"));
        synchronized (known) {
            known.addAll(secrets);
            longestFirst = List.copyOf(known);
        }
    }

    /** The text, {@value #MASKED} in place of every secret. */
    public String apply(String text) {
        String masked = text;
        for (String secret : longestFirst) { // else a secret that holds another one would stay in part
            masked = masked.replace(secret, MASKED);
        }
        return ASSIGNED.matcher(masked).replaceAll("$1" + MASKED);
    }
}
