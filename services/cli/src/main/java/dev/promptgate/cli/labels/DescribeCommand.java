package dev.promptgate.cli.labels;

import dev.promptgate.cli.model.ModelOptions;
import dev.promptgate.clip.ClipModel;
import dev.promptgate.clip.text.ClassNameCheck;
import dev.promptgate.clip.text.SamePrompt;
import dev.promptgate.messaging.classes.ClassState;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.SettingsValues;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "describe", mixinStandardHelpOptions = true, description = "Says what stands in prompts in the place of a class's name: "
        + "words for an id.", footer = {
                "", ClassesCommand.EXAMPLES, "  promptgate classes describe n02084071 dog            what would change",
                "  promptgate classes describe n02084071 dog --yes --reason 'an id means nothing to CLIP'",
                "  promptgate classes describe n02084071 --clear --yes",
                "",
                "Labels and answers stay as they are called. The learner trains with it, and an update becomes due; the prompt that comes "
                        + "of it carries it to evaluator, class-embeddings and classifiers. A description follows the rules of labels, and "
                        + "must fit the text tower of the services' --model, which is loaded to see. Reads image-features whole, and "
                        + "writes a record to it and a note to gate-commands, in one transaction."})
final class DescribeCommand extends LabelCommand {
    @Mixin
    private ModelOptions model;

    @Parameters(index = "0", paramLabel = "CLASS", description = "the class")
    private String name;

    @Parameters(index = "1", arity = "0..1", paramLabel = "TEXT", description = "what stands in prompts in its name's place")
    private String text;

    @Option(names = "--clear", description = "its name stands there again")
    private boolean clear;

    @Override
    public Integer call() throws IOException {
        if (clear == (text != null)) {
            throw new IllegalArgumentException("give either a TEXT or --clear [class: %s]".formatted(Quoted.of(name)));
        }
        SettingsValues values = common.resolve(Map.of(), model.settings());
        if (!clear) {
            checked("The description", text);
        }
        FeatureLabels labels = read(values, FeatureLabels.all());
        ClassState before = labels.state(name);
        ClassState state = before.described(Optional.ofNullable(text));
        if (!labels.images().containsKey(name) && before.isPlain()) {
            throw unknown(name);
        }
        if (state.equals(before)) {
            throw new IllegalArgumentException((clear ? "the class has no description [class: %s]"
                    : "the class is described so already [class: %s]").formatted(Quoted.of(name)));
        }
        String what = "the class %s with its %d images".formatted(SamePrompt.quoted(name), labels.images().getOrDefault(name, 0L));
        if (clear) {
            return say(values, state, "call %s by its name in prompts".formatted(what), "called %s by its name in prompts".formatted(what));
        }
        refuseSamePrompt(labels);
        refuseTooLong(values);
        return say(values, state, "describe %s as %s".formatted(what, SamePrompt.quoted(text)),
                "described %s as %s".formatted(what, SamePrompt.quoted(text)));
    }

    private void refuseTooLong(SettingsValues values) {
        try (ClipModel clip = ModelOptions.load(values)) {
            if (!new ClassNameCheck(clip.textEncoder(), values.get(PromptSettings.CONTEXT_TOKENS)).fits(text)) {
                throw new IllegalArgumentException("the description makes more tokens than the model's text tower takes; shorten it "
                        + "[description: %s]".formatted(Quoted.of(text)));
            }
        }
    }

    private void refuseSamePrompt(FeatureLabels labels) {
        String key = SamePrompt.key(text);
        Set<String> others = new TreeSet<>(labels.images().keySet());
        others.addAll(labels.states().keySet());
        others.remove(name);
        for (String other : others) {
            if (SamePrompt.key(labels.state(other).description().orElse(other)).equals(key)) {
                throw new IllegalArgumentException(
                        "another class would be the same prompt, so that none could tell them apart; describe it "
                                + "otherwise, or merge them [class: %s, other: %s]".formatted(Quoted.of(name), Quoted.of(other)));
            }
        }
    }
}
