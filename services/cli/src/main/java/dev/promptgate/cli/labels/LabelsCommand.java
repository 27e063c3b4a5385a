package dev.promptgate.cli.labels;

import dev.promptgate.cli.labels.LabelsCommand.Merge;
import dev.promptgate.clip.text.SamePrompt;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.service.logging.MergeCommand;
import dev.promptgate.service.settings.SettingsValues;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "labels", mixinStandardHelpOptions = true, description = "The labels of image-features.", subcommands = Merge.class)
public final class LabelsCommand {
    @Command(name = "merge", mixinStandardHelpOptions = true, description = "Makes one class of labels that would be the same prompt: "
            + "they differ in case, spaces, underscores, the form of accents or JSON's quotes only. "
            + "Without --to it names all of them.", footer = {
                    "", "Examples:",
                    "  promptgate labels merge                     which labels would be the same prompt, and how to merge them",
                    "  promptgate labels merge --to=elephant       what would change", "  promptgate labels merge --to=elephant --yes",
                    "",
                    "The features are written again with the new label, nothing else changes: learner and evaluator take it in as "
                            + "they take in any relabelled image, and the next prompt has one class. It cannot be undone. Images that "
                            + "come later keep the label that they are sent with, unless encoders run with labels.fold=true, which makes "
                            + "it lower case.",
                    "", "Reads image-features whole and writes to it; with --to it keeps that class's features in memory."})
    static final class Merge extends LabelCommand {
        @Option(names = "--to", paramLabel = "LABEL", description = "the label that all images of the class shall have")
        private String to;

        @Override
        public Integer call() throws IOException {
            SettingsValues values = common.resolve();
            if (to == null) {
                if (isToBeDone()) {
                    throw new IllegalArgumentException("--yes needs --to: the label that the class shall have");
                }
                list(read(values, FeatureLabels.all()));
                return 0;
            }
            FeatureLabels labels = read(values, FeatureLabels.samePromptAs(checked("--to", to)));
            if (labels.recordsNotOf(to).isEmpty()) {
                out().printf("nothing to merge: no image has another label that would be the same prompt [label: %s]%n", Quoted.of(to));
                return 0;
            }
            return relabel(values, labels, to, List.of(), others -> new SamePrompt(others).shown());
        }

        private void list(FeatureLabels labels) {
            Map<String, Long> images = labels.images();
            List<SamePrompt> groups = SamePrompt.amongLabels(images.keySet());
            groups.forEach(same -> out().printf("%s would be the same prompt [images: %s]%n  %s%n", same.shown(),
                    String.join(", ", same.names().stream().map(name -> images.getOrDefault(name, 0L).toString()).toList()),
                    MergeCommand.of(same.merged())));
            if (groups.isEmpty()) {
                out().printf("every label makes a prompt of its own [labels: %d]%n", images.size());
            }
        }
    }
}
