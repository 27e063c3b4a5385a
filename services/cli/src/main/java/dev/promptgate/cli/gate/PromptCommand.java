package dev.promptgate.cli.gate;

import dev.promptgate.cli.command.CommonOptions;
import dev.promptgate.cli.command.PromptgateCommand;
import dev.promptgate.clip.text.Context;
import dev.promptgate.follower.PromptCheck;
import dev.promptgate.follower.PromptReader;
import dev.promptgate.follower.RefusedPromptException;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptMetadata;
import dev.promptgate.messaging.client.TopicLog;
import dev.promptgate.messaging.trust.PromptKind;
import dev.promptgate.messaging.trust.PromptVerifier;
import dev.promptgate.service.settings.PromptSettings;
import dev.promptgate.service.settings.SettingsValues;
import dev.promptgate.service.settings.TrustSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "prompt", mixinStandardHelpOptions = true, description = "Prints what prompt is live by prompt-rollouts, and saves "
        + "it if wished; verifies its signature if trust.rollout-public-keys is set.", footer = {
                "", "Examples:", "  promptgate prompt",
                "  promptgate prompt --output live.safetensors --set trust.rollout-public-keys=rollouts.pub"})
public final class PromptCommand extends PromptgateCommand {
    @Option(names = "--output", paramLabel = "FILE", description = "where to save the live prompt, as safetensors; nothing is "
            + "written if the hand-written prompt is live")
    private Path output;

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
            if (output != null) {
                Files.write(output, live);
            }
        }
        return refused == 0 ? 0 : 1;
    }

    private void take(ConsumerRecord<byte[], byte[]> record, PromptReader reader) {
        try {
            if (reader.take(record)) {
                live = record.value();
            }
        } catch (RefusedPromptException e) {
            refused++;
            err().println("promptgate: refused: " + e.getMessage());
        }
    }
}
