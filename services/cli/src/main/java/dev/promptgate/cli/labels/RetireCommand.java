package dev.promptgate.cli.labels;

import dev.promptgate.clip.text.SamePrompt;
import dev.promptgate.messaging.classes.ClassState;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.service.settings.SettingsValues;
import java.io.IOException;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "retire", mixinStandardHelpOptions = true, description = "Takes a class out of training, judging and answers, or back "
        + "into them.", footer = {
                "", ClassesCommand.EXAMPLES, "  promptgate classes retire fax                  what would change",
                "  promptgate classes retire fax --yes --reason 'no longer sold'", "  promptgate classes retire fax --undo --yes",
                "",
                "Its images stay in image-features, and those that come later are kept as well: with --undo the class is as if it had "
                        + "never been out. Learner and evaluator leave it out from there on, and an update becomes due whose prompt does "
                        + "not have the class; the live one has it until that is rolled out. Two classes must be left to tell apart. Reads "
                        + "image-features whole, and writes a record to it and a note to gate-commands, in one transaction."})
final class RetireCommand extends LabelCommand {
    @Parameters(index = "0", paramLabel = "CLASS", description = "the class")
    private String name;

    @Option(names = "--undo", description = "take it back")
    private boolean undo;

    @Override
    public Integer call() throws IOException {
        SettingsValues values = common.resolve();
        FeatureLabels labels = read(values, FeatureLabels.of(Set.of(name)));
        ClassState state = labels.state(name);
        if (!labels.images().containsKey(name) && state.isPlain()) {
            throw unknown(name);
        }
        if (state.isRetired() != undo) {
            throw new IllegalArgumentException((undo ? "the class is not retired [class: %s]" : "the class is retired already [class: %s]")
                    .formatted(Quoted.of(name)));
        }
        String what = "the class %s with its %d images".formatted(SamePrompt.quoted(name), labels.images().getOrDefault(name, 0L));
        return say(values, state.retired(!undo), (undo ? "take back " : "retire ") + what, (undo ? "took back " : "retired ") + what);
    }
}
