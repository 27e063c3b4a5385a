package dev.promptgate.cli.labels;

import dev.promptgate.cli.command.CommonOptions;
import dev.promptgate.cli.command.PromptgateCommand;
import dev.promptgate.cli.labels.LabelsCommand.Merge;
import dev.promptgate.clip.text.SamePrompt;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.record.LabelRules;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import dev.promptgate.service.logging.MergeCommand;
import dev.promptgate.service.settings.SettingsValues;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
    static final class Merge extends PromptgateCommand {
        @Option(names = "--to", paramLabel = "LABEL", description = "the label that all images of the class shall have")
        private String to;

        @Option(names = "--yes", description = "do it; without this it is only said what would change")
        private boolean yes;

        @Override
        public Integer call() throws IOException {
            SettingsValues values = common.resolve();
            KafkaClients clients = CommonOptions.clients(values);
            String topic = CommonOptions.topics(values).imageFeatures();
            if (to == null) {
                if (yes) {
                    throw new IllegalArgumentException("--yes needs --to: the label that the class shall have");
                }
                list(read(clients, topic, FeatureLabels.all()));
                return 0;
            }
            return merge(clients, read(clients, topic, FeatureLabels.samePromptAs(checked(to))));
        }

        private static String checked(String label) {
            try {
                return LabelRules.read(label.getBytes(StandardCharsets.UTF_8));
            } catch (InvalidRecordException e) {
                throw new IllegalArgumentException("--to is no label: %s [label: %s]".formatted(e.getMessage(), Quoted.of(label)), e);
            }
        }

        private static FeatureLabels read(KafkaClients clients, String topic, FeatureLabels labels) {
            try (TopicLog log = new TopicLog(clients)) {
                log.forEach(topic, labels::take);
            }
            return labels;
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

        private int merge(KafkaClients clients, FeatureLabels labels) throws IOException {
            Map<String, Long> others = new TreeMap<>(labels.images());
            others.remove(to);
            if (others.isEmpty()) {
                out().printf("nothing to merge: no image has another label that would be the same prompt [label: %s]%n", Quoted.of(to));
                return 0;
            }
            String what = "%d images the label %s that had %s".formatted(others.values().stream().mapToLong(Long::longValue).sum(),
                    SamePrompt.quoted(to), new SamePrompt(List.copyOf(others.keySet())).shown());
            if (!yes) {
                out().printf("would give %s; add --yes to do it%n", what);
                return 0;
            }
            List<String> overtaken = new LabelMerge(clients, labels).write(to);
            out().printf("gave %s%n", what);
            if (!overtaken.isEmpty()) {
                err().printf("promptgate: images were sent again in that moment, and are now as they were before; send them once more "
                        + "[images: %d, ids: %s]%n", overtaken.size(), Quoted.of(String.join(", ", overtaken), 1000));
            }
            return overtaken.isEmpty() ? 0 : 1;
        }
    }
}
