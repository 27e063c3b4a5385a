package dev.promptgate.cli.gate;

import dev.promptgate.cli.command.CommonOptions;
import dev.promptgate.cli.command.PromptgateCommand;
import dev.promptgate.clip.text.Context;
import dev.promptgate.clip.text.SamePrompt;
import dev.promptgate.follower.EmbeddingsReader;
import dev.promptgate.follower.PromptCheck;
import dev.promptgate.follower.PromptReader;
import dev.promptgate.follower.RefusedPromptException;
import dev.promptgate.learning.prompt.ClassEmbeddings;
import dev.promptgate.learning.prompt.EmbeddingType;
import dev.promptgate.learning.prompt.EmbeddingsCodec;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptCalibration;
import dev.promptgate.learning.prompt.PromptMetadata;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.messaging.trust.PromptKind;
import dev.promptgate.messaging.trust.PromptVerifier;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.SettingsValues;
import dev.promptgate.service.settings.TrustSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "prompt", mixinStandardHelpOptions = true, description = "Prints what prompt is live by prompt-rollouts, and saves "
        + "it if wished; verifies its signature if trust.rollout-public-keys is set.", footer = {
                "", "Examples:", "  promptgate prompt", "  promptgate prompt --embeddings classes.safetensors",
                "  promptgate prompt --output live.safetensors --set trust.rollout-public-keys=rollouts.pub"})
public final class PromptCommand extends PromptgateCommand {
    @Option(names = "--output", paramLabel = "FILE", description = "where to save the live prompt, as safetensors; nothing is "
            + "written if the hand-written prompt is live")
    private Path output;

    @Option(names = "--embeddings", paramLabel = "FILE", description = "where to save the text features of its classes, which "
            + "class-embeddings holds, as safetensors: with them an image encoder alone classifies; nothing is "
            + "written if the hand-written prompt is live")
    private Path embeddings;

    private byte[] live;
    private int refused;

    @Override
    public Integer call() throws IOException {
        SettingsValues values = common.resolve();
        PromptVerifier verifier = new TrustSettings(values).rolloutVerifier();
        String prompt = values.get(PromptSettings.NAME);
        PromptReader reader = new PromptReader(prompt, PromptKind.ROLLOUT, verifier, PromptCheck.named(prompt));
        try (TopicLog log = new TopicLog(CommonOptions.clients(values))) {
            log.forEach(CommonOptions.topics(values).promptRollouts(), record -> take(record, reader));
            if (embeddings != null) {
                EmbeddingsReader parts = new EmbeddingsReader(prompt, verifier, Optional.empty());
                log.forEach(CommonOptions.topics(values).classEmbeddings(), record -> refusing(() -> parts.take(record)));
                save(parts, reader.live().version());
            }
        }
        Optional<Prompt> inForce = reader.live().prompt();
        if (inForce.isEmpty()) {
            out().printf("the hand-written prompt is live [prompt: %s]%n", prompt);
        } else {
            Context context = inForce.get().context();
            PromptMetadata about = inForce.get().metadata();
            out().printf("version %d is live%s [prompt: %s, context: %d × %d, classes: %d, model: %s, verdict: %s]%n", about.version(),
                    verifier.isOn() ? ", its signature is good" : "", prompt, context.tokens(), context.width(), about.classes().size(),
                    about.modelFingerprint(), about.verdict().get("reason"));
            calibration(about.calibration()).forEach(out()::println);
            about.descriptions().byClass().forEach((name, text) -> out().printf("%s stands there as %s%n", Quoted.of(name, 256),
                    SamePrompt.quoted(text)));
            if (output != null) {
                Files.write(output, live);
            }
        }
        return refused == 0 ? 0 : 1;
    }

    /** What the rollout says of its probabilities, in words; nothing if it says nothing. */
    private static List<String> calibration(PromptCalibration found) {
        if (Double.isNaN(found.targetError())) {
            return List.of();
        }
        String temperature = String.format(Locale.ROOT, "its logits are divided by %.3f, so that its probabilities are calibrated",
                found.temperature());
        return List.of(temperature, Double.isNaN(found.threshold())
                ? String.format(Locale.ROOT, "no probability keeps its errors to %.1f%%: asked to abstain, it answers nothing",
                        100 * found.targetError())
                : String.format(Locale.ROOT, "of the labels with a probability of at least %.3f no more than %.1f%% are wrong",
                        found.threshold(), 100 * found.targetError()));
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
