package dev.promptgate.cli.erase;

import dev.promptgate.cli.gate.AuditOptions;
import dev.promptgate.cli.command.CommonOptions;
import dev.promptgate.cli.command.PromptgateCommand;
import dev.promptgate.messaging.client.GateClient;
import dev.promptgate.messaging.client.KafkaClients;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.record.ImageIds;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import dev.promptgate.messaging.topic.TopicNames;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.SettingsValues;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "erase", mixinStandardHelpOptions = true, description = "Erases images: they train and judge no longer, and the console "
        + "shows them no more.", footer = {
                "", "Examples:", "  promptgate erase 'red apple/1.jpg'              what would be erased",
                "  promptgate erase 'red apple/1.jpg' --yes", "  promptgate erase --label apple --yes            all images of a class",
                "  promptgate trace 'red apple/1.jpg'              what was learned with it, and what since without it",
                "",
                "A record without a value goes to labelled-images for each; encoders take the features back, and the command waits for "
                        + "that. What is sent again later counts again. The image files stay in labelled-images until its retention is "
                        + "over, and prompts that were learned with an image are not unlearned: the next one is learned without it, from "
                        + "the context of the one before.",
                "", "Reads image-features whole."})
public final class EraseCommand extends PromptgateCommand {
    private static final int SHOWN = 1000;

    @Parameters(arity = "0..*", paramLabel = "ID", description = "image ids: the records' keys; of an image without a key the SHA-256 of "
            + "its bytes")
    private List<String> ids = List.of();

    @Option(names = "--label", paramLabel = "NAME", description = "all images that have this label now")
    private String label;

    @Option(names = "--yes", description = "do it; without this it is only said what would be erased")
    private boolean yes;

    @Option(names = "--wait", paramLabel = "SECONDS", defaultValue = "60", description = "how long to wait for the encoders; default: "
            + "${DEFAULT-VALUE}")
    private int wait;

    @Mixin
    private AuditOptions audit;

    @Override
    public Integer call() throws IOException, InterruptedException {
        check();
        SettingsValues values = common.resolve();
        KafkaClients clients = CommonOptions.clients(values);
        TopicNames topics = CommonOptions.topics(values);
        ErasedSet images = new ErasedSet(ids, Optional.ofNullable(label));
        try (TopicLog log = new TopicLog(clients)) {
            log.forEach(topics.imageFeatures(), images::take);
        }
        if (!images.absent().isEmpty()) {
            err().printf("promptgate: there is no feature of these ids; they are mistyped, rejected, erased already or not encoded yet "
                    + "[ids: %d, %s]%n", images.absent().size(), shown(images.absent()));
        }
        if (images.ids().isEmpty()) {
            out().printf("nothing to erase: no image has the label [label: %s]%n", Quoted.of(label));
            return 1;
        }
        String what = "%d images [labels: %s; splits: %s]".formatted(images.present().size(), counts(images.byLabel()),
                counts(images.bySplit()));
        if (!yes) {
            out().printf("would erase %s; add --yes to do it%n", what);
            return 0;
        }
        Erasing erasing = new Erasing(clients, topics, images);
        erasing.ask();
        try (GateClient history = new GateClient(clients, topics, values.get(PromptSettings.NAME))) {
            history.submit(audit.note("asked to erase " + what));
        }
        return await(erasing, what);
    }

    private void check() {
        if (ids.isEmpty() == (label == null)) {
            throw new IllegalArgumentException("name image ids or --label, one of the two");
        }
        if (wait < 1) {
            throw new IllegalArgumentException("--wait must be positive [wait: " + wait + "]");
        }
        for (String id : ids) {
            try {
                if (id.isEmpty()) {
                    throw new IllegalArgumentException("an image id must not be empty");
                }
                ImageIds.check(id.getBytes(StandardCharsets.UTF_8));
            } catch (InvalidRecordException e) {
                throw new IllegalArgumentException("%s [id: %s]".formatted(e.getMessage(), Quoted.of(id)), e);
            }
        }
    }

    private int await(Erasing erasing, String what) throws InterruptedException {
        Set<String> left = erasing.awaitGone(Duration.ofSeconds(wait));
        if (left.isEmpty()) {
            out().printf("erased %s%n", what);
            return 0;
        }
        err().printf("promptgate: asked for, but not erased within %d s; is an encoder running? The records stay in the topic and are "
                + "carried out when one does [images left: %d, ids: %s]%n", wait, left.size(), shown(left));
        return 1;
    }

    private static String shown(Collection<String> ids) {
        return Quoted.of(String.join(", ", ids), SHOWN);
    }

    private static String counts(Map<String, Long> counts) {
        return counts.isEmpty() ? "none" : Quoted.of(counts.entrySet().stream().map(e -> e.getKey() + " " + e.getValue())
                .collect(Collectors.joining(", ")), SHOWN);
    }
}
