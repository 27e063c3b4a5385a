package dev.promptgate.cli.gate;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.promptgate.cli.command.CommonOptions;
import dev.promptgate.cli.command.PromptgateCommand;
import dev.promptgate.follower.EmbeddingsReader;
import dev.promptgate.follower.PromptCheck;
import dev.promptgate.follower.PromptReader;
import dev.promptgate.follower.RefusedPromptException;
import dev.promptgate.learning.prompt.ClassEmbeddings;
import dev.promptgate.learning.prompt.EmbeddingType;
import dev.promptgate.learning.prompt.EmbeddingsCodec;
import dev.promptgate.messaging.classes.ClassState;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import dev.promptgate.messaging.trust.PromptKind;
import dev.promptgate.messaging.trust.PromptVerifier;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.SettingsValues;
import dev.promptgate.service.settings.TrustSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "prompt", mixinStandardHelpOptions = true, description = "Prints what prompt is live by prompt-rollouts, and saves "
        + "it if wished; verifies its signature if trust.rollout-public-keys is set.", footer = {
                "", "Examples:", "  promptgate prompt", "  promptgate prompt --classes --json",
                "  promptgate prompt --embeddings classes.safetensors",
                "  promptgate prompt --output live.safetensors --set trust.rollout-public-keys=rollouts.pub"})
public final class PromptCommand extends PromptgateCommand {
    @Option(names = "--output", paramLabel = "FILE", description = "where to save the live prompt, as safetensors; nothing is "
            + "written if the hand-written prompt is live")
    private Path output;

    @Option(names = "--embeddings", paramLabel = "FILE", description = "where to save the text features of its classes, which "
            + "class-embeddings holds, as safetensors: with them an image encoder alone classifies; nothing is "
            + "written if the hand-written prompt is live")
    private Path embeddings;

    @Option(names = "--classes", description = "which of its classes are retired by now, too; reads image-features whole")
    private boolean classes;

    @Option(names = "--json", description = "one JSON object")
    private boolean json;

    private byte[] live;
    private int refused;

    @Override
    public Integer call() throws IOException {
        SettingsValues values = common.resolve();
        PromptVerifier verifier = new TrustSettings(values).rolloutVerifier();
        String prompt = values.get(PromptSettings.NAME);
        PromptReader reader = new PromptReader(prompt, PromptKind.ROLLOUT, verifier, PromptCheck.named(prompt));
        Optional<Set<String>> retired = Optional.empty();
        try (TopicLog log = new TopicLog(CommonOptions.clients(values))) {
            log.forEach(CommonOptions.topics(values).promptRollouts(), record -> take(record, reader));
            if (embeddings != null) {
                EmbeddingsReader parts = new EmbeddingsReader(prompt, verifier, Optional.empty());
                log.forEach(CommonOptions.topics(values).classEmbeddings(), record -> refusing(() -> parts.take(record)));
                save(parts, reader.live().version());
            }
            if (classes && reader.live().prompt().isPresent()) {
                retired = Optional.of(retired(log, CommonOptions.topics(values).imageFeatures()));
            }
        }
        if (reader.live().prompt().isEmpty()) {
            out().println(json ? new ObjectMapper().createObjectNode().put("prompt", prompt).put("version", 0)
                    : "the hand-written prompt is live [prompt: %s]".formatted(prompt));
        } else {
            ShownPrompt shown = new ShownPrompt(reader.live().prompt().get(), verifier.isOn(), retired);
            if (json) {
                out().println(shown.json());
            } else {
                shown.lines().forEach(out()::println);
            }
            if (output != null) {
                Files.write(output, live);
            }
        }
        return refused == 0 ? 0 : 1;
    }

    /** The classes that are retired, whether a prompt has them or not. */
    private static Set<String> retired(TopicLog log, String imageFeatures) {
        Set<String> retired = new HashSet<>();
        log.forEach(imageFeatures, record -> {
            try {
                if (ClassState.isIn(record)) {
                    ClassState said = ClassState.decode(record);
                    retired.remove(said.name());
                    retired.addAll(said.isRetired() ? Set.of(said.name()) : Set.of());
                }
            } catch (InvalidRecordException e) {
                return; // the services that read it say so
            }
        });
        return retired;
    }

    /** What class-embeddings holds must belong to the version that is live; the two change together. */
    private void save(EmbeddingsReader parts, long version) throws IOException {
        refusing(parts::atEnd);
        Optional<ClassEmbeddings> held = parts.live();
        long theirs = held.map(found -> found.source().version()).orElse(0L);
        if (theirs != version) {
            refused++;
            err().printf("promptgate: class-embeddings holds those of another version; try again, and if that does not help start the "
                    + "evaluator, which writes them anew [theirs: %d, live: %d]%n", theirs, version);
        } else if (held.isPresent()) {
            Files.write(embeddings, EmbeddingsCodec.encode(held.get(), EmbeddingType.FLOAT32));
        }
    }

    private interface Refusing {
        void run() throws RefusedPromptException;
    }

    private void take(ConsumerRecord<byte[], byte[]> record, PromptReader reader) {
        refusing(() -> {
            if (reader.take(record)) {
                live = record.value();
            }
        });
    }

    private void refusing(Refusing action) {
        try {
            action.run();
        } catch (RefusedPromptException e) {
            refused++;
            err().println("promptgate: refused: " + e.getMessage());
        }
    }
}
