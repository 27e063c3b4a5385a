package dev.promptgate.cli.labels;

import dev.promptgate.cli.gate.AuditOptions;
import dev.promptgate.cli.command.CommonOptions;
import dev.promptgate.cli.command.PromptgateCommand;
import dev.promptgate.cli.labels.Relabelling.Change;
import dev.promptgate.clip.text.SamePrompt;
import dev.promptgate.messaging.classes.ClassState;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.record.LabelRules;
import dev.promptgate.messaging.record.PromptKey;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.SettingsValues;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the commands that change classes have in common: they say what would change, do it with --yes, and note it. */
abstract class LabelCommand extends PromptgateCommand {
    @Option(names = "--yes", description = "do it; without this it is only said what would change")
    private boolean yes;

    @Mixin
    private AuditOptions audit;

    boolean isToBeDone() {
        return yes;
    }

    /** @throws IllegalArgumentException if the text is no label; the message names its place */
    static String checked(String place, String label) {
        try {
            return LabelRules.read(label.getBytes(StandardCharsets.UTF_8));
        } catch (InvalidRecordException e) {
            throw new IllegalArgumentException("%s is no label: %s [label: %s]".formatted(place, e.getMessage(), Quoted.of(label)), e);
        }
    }

    static FeatureLabels read(SettingsValues values, FeatureLabels labels) {
        try (TopicLog log = new TopicLog(CommonOptions.clients(values))) {
            log.forEach(CommonOptions.topics(values).imageFeatures(), labels::take);
        }
        return labels;
    }

    /**
     * @param before said of classes before images come to them
     * @throws IllegalArgumentException if one of the classes is not there
     */
    int relabelFrom(SettingsValues values, FeatureLabels labels, Set<String> from, String to, List<ClassState> before)
            throws IOException {
        for (String name : from) {
            if (!labels.images().containsKey(name)) {
                throw unknown(name);
            }
        }
        if (from.equals(Set.of(to))) {
            throw new IllegalArgumentException("the class is called so already [class: %s]".formatted(Quoted.of(to)));
        }
        return relabel(values, labels, to, before, others -> String.join(", ", others.stream().map(SamePrompt::quoted).toList()));
    }

    static IllegalArgumentException unknown(String name) {
        return new IllegalArgumentException("no image has this label; see: promptgate classes list [class: %s]".formatted(Quoted.of(name)));
    }

    /** Nothing is said any more of the classes that images leave. {@code from} are their labels, in words. */
    int relabel(SettingsValues values, FeatureLabels labels, String to, List<ClassState> before, Function<List<String>, String> from)
            throws IOException {
        Map<String, Long> others = new TreeMap<>(labels.images());
        others.remove(to);
        String what = "%d images the label %s that had %s".formatted(others.values().stream().mapToLong(Long::longValue).sum(),
                SamePrompt.quoted(to),
                from.apply(List.copyOf(others.keySet())));
        if (!yes) {
            out().printf("would give %s; add --yes to do it%n", what);
            return 0;
        }
        List<ClassState> after = others.keySet().stream().filter(labels.states()::containsKey).map(ClassState::plain).toList();
        List<String> overtaken = write(values, new Change(before, labels.recordsNotOf(to), to, after), "gave " + what,
                labels.lastTimestamp());
        out().printf("gave %s%n", what);
        if (!overtaken.isEmpty()) {
            err().printf("promptgate: images were sent again in that moment, and are now as they were before; send them once more "
                    + "[images: %d, ids: %s]%n", overtaken.size(), Quoted.of(String.join(", ", overtaken), 1000));
        }
        return overtaken.isEmpty() ? 0 : 1;
    }

    /** From now on this is said of a class; in words, what would be done and what was. */
    int say(SettingsValues values, ClassState state, String would, String did) throws IOException {
        if (yes) {
            write(values, Change.of(state), did, 0);
            out().println(did);
        } else {
            out().printf("would %s; add --yes to do it%n", would);
        }
        return 0;
    }

    private List<String> write(SettingsValues values, Change change, String did, long since) throws IOException {
        PromptKey prompt = new PromptKey(values.get(PromptSettings.NAME));
        return new Relabelling(CommonOptions.clients(values), CommonOptions.topics(values), prompt).write(change, audit.note(did), since);
    }
}
