package dev.promptgate.cli.labels;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.promptgate.cli.command.PromptgateCommand;
import dev.promptgate.cli.labels.ClassesCommand.ListClasses;
import dev.promptgate.cli.labels.ClassesCommand.Merge;
import dev.promptgate.cli.labels.ClassesCommand.Rename;
import dev.promptgate.clip.text.SamePrompt;
import dev.promptgate.messaging.classes.ClassState;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.messaging.record.Split;
import dev.promptgate.service.settings.SettingsValues;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "classes", mixinStandardHelpOptions = true, description = "The classes of image-features: what is there, other names "
        + "for them, which are retired, and what stands in prompts in their names' places.", subcommands = {ListClasses.class,
                Rename.class, Merge.class, RetireCommand.class, DescribeCommand.class})
public final class ClassesCommand {
    static final String EXAMPLES = "Examples:";
    private static final String HOW = "The features are written again with the new label, in one transaction with a note for the history "
            + "(promptgate rollouts): learner and evaluator take it in as they take in any relabelled image, and the next prompt has the "
            + "new classes. Images that come later keep the label that they are sent with, so change the producers first. Reads "
            + "image-features whole, keeps the features of these classes in memory, and writes to it and to gate-commands.";
    private static final String GOES_ALONG = "A class that is retired or described stays so under its new name.";
    private static final String GOES_AWAY = "What is said of the classes that go, retired or described, goes with them; what is "
            + "said of the class that they become stays.";

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Every class with its images by split, the live ones: an id "
            + "counts where its last record puts it; and whether it is retired, and how it is described.")
    static final class ListClasses extends PromptgateCommand {
        @Option(names = "--json", description = "a JSON object a line")
        private boolean json;

        @Override
        public Integer call() {
            FeatureLabels labels = LabelCommand.read(common.resolve(), FeatureLabels.all());
            Map<String, Map<Split, Long>> classes = new TreeMap<>(labels.bySplit());
            labels.states().keySet().forEach(name -> classes.putIfAbsent(name, Map.of()));
            if (json) {
                ObjectMapper mapper = new ObjectMapper();
                classes.forEach((label, images) -> {
                    ObjectNode line = mapper.createObjectNode().put("class", label);
                    images.forEach((split, count) -> line.put(split.wireName(), count));
                    if (labels.state(label).isRetired()) {
                        line.put("retired", true);
                    }
                    labels.state(label).description().ifPresent(text -> line.put("description", text));
                    out().println(line);
                });
            } else {
                out().printf("%8s %8s %8s  %s%n", "train", "held-out", "probe", "class");
                classes.forEach((label, images) -> out().printf("%8d %8d %8d  %s%s%n", images.getOrDefault(Split.TRAIN, 0L),
                        images.getOrDefault(Split.HELD_OUT, 0L), images.getOrDefault(Split.PROBE, 0L), Quoted.of(label, 256),
                        said(labels.state(label))));
            }
            return 0;
        }

        private static String said(ClassState state) {
            List<String> said = new ArrayList<>();
            if (state.isRetired()) {
                said.add("retired");
            }
            state.description().ifPresent(text -> said.add(SamePrompt.quoted(text)));
            return said.isEmpty() ? "" : "  (%s)".formatted(String.join(", ", said));
        }
    }

    @Command(name = "rename", mixinStandardHelpOptions = true, description = "Gives a class another name that no class has yet.", footer = {
            "", EXAMPLES, "  promptgate classes rename n02084071 dog             what would change",
            "  promptgate classes rename n02084071 dog --yes --reason 'names people can read'", "", HOW, GOES_ALONG})
    static final class Rename extends LabelCommand {
        @Parameters(index = "0", paramLabel = "CLASS", description = "the class as it is called now")
        private String from;

        @Parameters(index = "1", paramLabel = "NAME", description = "what it shall be called")
        private String to;

        @Override
        public Integer call() throws IOException {
            SettingsValues values = common.resolve();
            checked("The new name", to);
            FeatureLabels labels = read(values, FeatureLabels.of(new HashSet<>(List.of(from, to))));
            if (!from.equals(to) && labels.images().containsKey(to)) {
                throw new IllegalArgumentException(
                        "there is a class of that name; make one of both with: promptgate classes merge [class: %s]"
                                .formatted(Quoted.of(to)));
            }
            ClassState said = labels.state(from).of(to);
            return relabelFrom(values, labels, Set.of(from), to, said.equals(labels.state(to)) ? List.of() : List.of(said));
        }
    }

    @Command(name = "merge", mixinStandardHelpOptions = true, description = "Makes one class of several. It cannot be undone.", footer = {
            "", EXAMPLES, "  promptgate classes merge puppy hound --to=dog       what would change",
            "  promptgate classes merge puppy hound --to=dog --yes", "", HOW, GOES_AWAY})
    static final class Merge extends LabelCommand {
        @Parameters(arity = "1..*", paramLabel = "CLASS", description = "the classes that go")
        private List<String> from;

        @Option(names = "--to", required = true, paramLabel = "NAME", description = "the class that they become; it may be there or not")
        private String to;

        @Override
        public Integer call() throws IOException {
            SettingsValues values = common.resolve();
            checked("--to", to);
            Set<String> all = new HashSet<>(from);
            all.add(to);
            return relabelFrom(values, read(values, FeatureLabels.of(all)), new TreeSet<>(from), to, List.of());
        }
    }
}
