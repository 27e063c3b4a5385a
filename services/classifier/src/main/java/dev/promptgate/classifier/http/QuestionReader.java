package dev.promptgate.classifier.http;

import dev.promptgate.classifier.answer.Question;
import dev.promptgate.clip.text.SamePrompt;
import dev.promptgate.messaging.record.LabelRules;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import dev.promptgate.service.api.Problem;
import dev.promptgate.service.api.ProblemException;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads what a request asks of its images.
 *
 * @param abstains where a request says nothing about it, and names no classes
 */
record QuestionReader(int maxClasses, boolean abstains) {
    private static final int DEFAULT_TOP = 5;
    private static final int MOST_TOP = 1000;
    private static final Set<String> KNOWN = Set.of("top", "class", "zero_shot", "abstain");

    /** From the parameters of address and form; a {@link ProblemException} if one is unknown, malformed or out of bounds. */
    Question read(MultiMap query, MultiMap form) {
        for (MultiMap source : List.of(query, form)) {
            source.names().stream().filter(name -> !KNOWN.contains(name)).findFirst().ifPresent(name -> {
                throw Problem.of(400, "There is no parameter '%s'; there are top, class, zero_shot and abstain".formatted(Quoted.of(name)))
                        .exception();
            });
        }
        List<String> classes = classes(all("class", query, form), maxClasses);
        boolean abstain = flag("abstain", query, form, abstains && classes.isEmpty());
        if (abstain && !classes.isEmpty()) {
            throw Problem.of(400, "The parameter abstain goes with the live prompt's own classes, for which its threshold was chosen; leave"
                    + " class out").exception();
        }
        return new Question(top(single("top", query, form)), classes, flag("zero_shot", query, form, false), abstain);
    }

    private static List<String> all(String name, MultiMap query, MultiMap form) {
        List<String> values = new ArrayList<>(query.getAll(name));
        values.addAll(form.getAll(name));
        return values;
    }

    private static String single(String name, MultiMap query, MultiMap form) {
        List<String> values = all(name, query, form);
        if (values.size() > 1) {
            throw Problem.of(400, "The parameter %s is given more than once".formatted(name)).exception();
        }
        return values.isEmpty() ? null : values.get(0);
    }

    private static int top(String text) {
        if (text == null) {
            return DEFAULT_TOP;
        }
        if (!text.matches("\\d{1,4}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > MOST_TOP) {
            throw Problem.of(400, "The parameter top must be a whole number from 1 to %d".formatted(MOST_TOP)).exception();
        }
        return Integer.parseInt(text);
    }

    private static boolean flag(String name, MultiMap query, MultiMap form, boolean absent) {
        String text = single(name, query, form);
        if (text == null) {
            return absent;
        }
        if (!text.equals("true") && !text.equals("false")) {
            throw Problem.of(400, "The parameter %s must be true or false".formatted(name)).exception();
        }
        return text.equals("true");
    }

    private static List<String> classes(List<String> names, int maxClasses) {
        if (names.size() > maxClasses) {
            throw Problem.of(422, "There are too many classes; name at most " + maxClasses).exception();
        }
        Set<String> classes = new LinkedHashSet<>();
        for (String name : names) {
            try {
                classes.add(LabelRules.read(name.getBytes(StandardCharsets.UTF_8)).strip());
            } catch (InvalidRecordException e) {
                throw Problem.of(422, "A class name cannot be used [class: %s, why: %s]".formatted(Quoted.of(name), e.code().wireName()))
                        .exception();
            }
        }
        SamePrompt.among(classes).stream().findFirst().ifPresent(same -> {
            throw Problem.of(422, "Classes would be the same prompt; name one of them [classes: %s]".formatted(same.shown())).exception();
        });
        return List.copyOf(classes);
    }
}
