package dev.promptgate.references;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The hosts that may be asked: {@code name}, {@code *.name} for every name below it, each with {@code :port} where that is not 443.
 * Immutable. A name is compared as it stands in the URI, so that no other spelling of it or of an address passes.
 */
record AllowedHosts(List<String> entries) {
    static final int HTTPS_PORT = 443;

    private static final String LABEL = "[a-z0-9]([a-z0-9-]*[a-z0-9])?";
    private static final Pattern ENTRY = Pattern.compile("(\\*\\.)?%s(\\.%s)*(:\\d{1,5})?".formatted(LABEL, LABEL));

    static AllowedHosts parse(String text) {
        return new AllowedHosts(ReferenceSettings.list(text).stream().map(entry -> entry.contains(":") ? entry : withPort(entry)).toList());
    }

    static boolean isList(String text) {
        return ReferenceSettings.list(text).stream().allMatch(entry -> ENTRY.matcher(entry).matches());
    }

    boolean allows(String host, int port) {
        String asked = host.toLowerCase(Locale.ROOT) + ":" + port;
        return entries.stream().anyMatch(entry -> entry.startsWith("*.") ? isBelow(asked, entry.substring(1)) : entry.equals(asked));
    }

    private static boolean isBelow(String asked, String suffix) {
        return asked.endsWith(suffix) && asked.length() > suffix.length();
    }

    private static String withPort(String host) {
        return host + ":" + HTTPS_PORT;
    }
}
