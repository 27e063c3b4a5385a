package dev.promptgate.learner.update;

import dev.promptgate.learner.config.LearnerSettings;
import dev.promptgate.learning.continual.LearningSettings;
import dev.promptgate.learning.continual.UpdateResult;
import dev.promptgate.learning.loss.LabelLoss;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.learning.prompt.PromptCodec;
import dev.promptgate.learning.prompt.PromptMetadata;
import dev.promptgate.messaging.record.PromptKey;
import dev.promptgate.messaging.transaction.RecordSink;
import dev.promptgate.messaging.trust.PromptKind;
import dev.promptgate.messaging.trust.PromptSigner;
import io.micrometer.core.instrument.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes checkpoints, and candidates with theirs: numbers each, notes its origin, signs it if there is a key. Not thread-safe. */
public final class CandidateWriter {
    private static final String UPDATE = "update";
    private static final String SHORT = "short";

    private final RecordSink sink;
    private final String topic;
    private final LearnerSettings settings;
    private final Optional<PromptSigner> signer;
    private final Clock clock;
    private long version;
    private long parent;

    public CandidateWriter(RecordSink sink, String topic, LearnerSettings settings, Optional<PromptSigner> signer, Restart restart,
            Clock clock) {
        this.sink = sink;
        this.topic = topic;
        this.settings = settings;
        this.signer = signer;
        this.clock = clock;
        version = restart.lastVersion();
        parent = restart.parent();
    }

    void checkpoint(Checkpoint checkpoint) {
        sink.write(List.of(), checkpoint.encode());
    }

    /** Publishes the candidate that an update came to; it was learned from what is before the checkpoint. */
    PromptMetadata publish(UpdateResult result, Checkpoint checkpoint) {
        LearningSettings learning = settings.learning();
        PromptMetadata about = new PromptMetadata(settings.prompt(), ++version, parent, checkpoint.model(), clock.wallTime(),
                new PromptMetadata.Origin(result.classes(), learning.start().contextInit(), summary(learning, result),
                        Map.of(0, checkpoint.offset()), result.readyAt(), result.descriptions()),
                Map.of());
        parent = version;
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, new PromptKey(settings.prompt()).bytes(),
                PromptCodec.encode(new Prompt(result.context(), about)));
        signer.ifPresent(signing -> signing.sign(record, PromptKind.CANDIDATE, version));
        sink.write(List.of(record), checkpoint.encode());
        return about;
    }

    static Map<String, String> summary(LearningSettings learning, UpdateResult result) {
        Map<String, String> summary = new TreeMap<>();
        summary.put(UPDATE, Long.toString(result.number()));
        summary.put("method", learning.method().method().key());
        summary.put("rho", Double.toString(learning.method().rho()));
        summary.put("learning_rate", Double.toString(learning.sgd().learningRate()));
        summary.put("seed", Long.toString(learning.seed()));
        summary.put("shots", Integer.toString(result.shots()));
        summary.put(SHORT, Boolean.toString(result.isShort()));
        summary.put("steps", Integer.toString(result.steps().size()));
        if (learning.method().classesPerStep() > 0 && result.classes().size() > learning.method().classesPerStep()) {
            summary.put("classes_per_step", Integer.toString(learning.method().classesPerStep()));
        }
        if (learning.method().labelLoss() != LabelLoss.CROSS_ENTROPY) {
            summary.put("loss", learning.method().labelLoss().key());
        }
        if (learning.method().knowledgeWeight() > 0) {
            summary.put("knowledge_weight", Double.toString(learning.method().knowledgeWeight()));
        }
        summary.put("final_loss", Double.toString(result.finalLoss()));
        summary.put("final_perturbed_loss", Double.toString(result.finalPerturbedLoss()));
        summary.put("mean_cosine", Double.toString(result.meanCosine()));
        result.branches()
                .forEach((branch, count) -> summary.put("steps_" + branch.name().toLowerCase(Locale.ROOT), Integer.toString(count)));
        summary.put("trace", result.trace());
        return summary;
    }

    /** Whether a candidate came from a short update, which a whole one is to follow. */
    static boolean isShort(Prompt candidate) {
        return Boolean.parseBoolean(candidate.metadata().training().get(SHORT));
    }

    /** The number of the update that a candidate came from. */
    static long update(Prompt candidate) {
        try {
            return Long.parseLong(candidate.metadata().training().get(UPDATE));
        } catch (NumberFormatException e) {
            return candidate.metadata().version(); // of an earlier release
        }
    }
}
