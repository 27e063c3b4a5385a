package dev.promptgate.learning.prompt;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What stands in prompts in the places of classes' names: words for an id such as {@code n02084071}. A class without a description stands
 * there by its name. Immutable, in the order of names.
 */
public record Descriptions(Map<String, String> byClass) {
    public static final Descriptions NONE = new Descriptions(Map.of());

    public Descriptions {
        byClass = Collections.unmodifiableMap(new TreeMap<>(byClass));
    }

    public String text(String className) {
        return byClass.getOrDefault(className, className);
    }

    /** What stands in the prompts of these classes, in their order. */
    public List<String> texts(List<String> classNames) {
        return classNames.stream().map(this::text).toList();
    }
}
