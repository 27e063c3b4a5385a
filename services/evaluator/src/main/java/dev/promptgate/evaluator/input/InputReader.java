package dev.promptgate.evaluator.input;

import dev.promptgate.clip.PromptModel;
import dev.promptgate.clip.text.ClassNameCheck;
import dev.promptgate.evaluator.candidate.Candidate;
import dev.promptgate.evaluator.candidate.CandidateCheck;
import dev.promptgate.evaluator.config.EvaluatorMeters;
import dev.promptgate.evaluator.config.RefusalReason;
import dev.promptgate.evaluator.gate.GateEvent;
import dev.promptgate.evaluator.gate.GateInput;
import dev.promptgate.follower.RefusedPromptException;
import dev.promptgate.learning.prompt.Leap;
import dev.promptgate.learning.prompt.Prompt;
import dev.promptgate.messaging.classes.ClassState;
import dev.promptgate.messaging.command.GateCommand;
import dev.promptgate.messaging.command.GateCommand.Action;
import dev.promptgate.messaging.command.GateCommand.InvalidCommandException;
import dev.promptgate.messaging.record.ImageFeature;
import dev.promptgate.messaging.record.Quoted;
import dev.promptgate.messaging.record.Rejection.InvalidRecordException;
import dev.promptgate.service.logging.ImageLog;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Understands records, or says why they cannot be used; counts the features that are passed over. Not thread-safe. */
public final class InputReader {
    private static final Logger LOG = LoggerFactory.getLogger(InputReader.class);
    private static final GateCommand UNREADABLE = new GateCommand("", Action.ROLLBACK, OptionalLong.empty(), "", "", 0);

    private final PromptModel model;
    private final ClassNameCheck classNames;
    private final CandidateCheck check;
    private final LongPredicate wasRefused;
    private final LongSupplier featuresEnd;
    private final EvaluatorMeters meters;
    private long knownEnd;
    private boolean warned;

    /**
     * {@code contextTokens} stand before a class name; {@code wasRefused} knows the refusals that an earlier evaluator reported, by offset;
     * {@code featuresEnd} asks for the offset behind the last committed record of image-features.
     */
    public InputReader(PromptModel model, int contextTokens, CandidateCheck check, LongPredicate wasRefused, LongSupplier featuresEnd,
            EvaluatorMeters meters) {
        this.model = model;
        this.check = check;
        this.wasRefused = wasRefused;
        this.featuresEnd = featuresEnd;
        this.meters = meters;
        classNames = new ClassNameCheck(model.textEncoder(), contextTokens);
    }

    public GateInput.Timed feature(ConsumerRecord<byte[], byte[]> record) {
        knownEnd = Math.max(knownEnd, record.offset() + 1);
        if (ClassState.isIn(record)) {
            return plain(ofClass(record), record);
        }
        if (record.value() == null && record.key() != null) {
            return plain(new GateEvent.ImageDeleted(new String(record.key(), StandardCharsets.UTF_8), record.offset()), record);
        }
        Optional<ImageFeature> image = record.value() == null ? Optional.empty() : usable(record);
        return image.isPresent() ? new GateInput.Image(image.get(), record.offset(), record.timestamp())
                : plain(new GateEvent.ImagePassedOver(record.offset()), record);
    }

    private GateEvent ofClass(ConsumerRecord<byte[], byte[]> record) {
        try {
            ClassState state = ClassState.decode(record);
            if (state.description().map(classNames::fits).orElse(true)) {
                return new GateEvent.ClassChanged(state.name(), state.isRetired(), record.offset());
            }
            LOG.warn("A record is passed over: a class's description makes more tokens than the model's text tower takes [offset: {}]",
                    record.offset());
        } catch (InvalidRecordException e) {
            LOG.warn("A record is passed over: {} [offset: {}]", e.getMessage(), record.offset());
        }
        meters.count(EvaluatorMeters.SKIPPED);
        return new GateEvent.ImagePassedOver(record.offset());
    }

    private static GateInput.Plain plain(GateEvent event, ConsumerRecord<byte[], byte[]> record) {
        return new GateInput.Plain(event, record.timestamp());
    }

    /** Empty if the feature is damaged, of another model, or its label is too long for a prompt. */
    private Optional<ImageFeature> usable(ConsumerRecord<byte[], byte[]> record) {
        try {
            ImageFeature feature = ImageFeature.decode(record);
            if (feature.modelFingerprint().equals(model.fingerprint()) && feature.feature().length == model.featureDim()
                    && classNames.fits(feature.label())) {
                return Optional.of(feature);
            }
            ImageLog.debug(LOG, feature.imageId()).log("Ignored: of another model, or its label does not fit a prompt [offset: {}]",
                    record.offset());
            if (!warned) {
                warned = true;
                LOG.warn("Features are passed over that are of another model or whose labels do not fit a prompt "
                        + "[offset: {}, theirs: {}, ours: {}, label: {}]", record.offset(), Quoted.of(feature.modelFingerprint()),
                        model.fingerprint(), Quoted.of(feature.label()));
            }
        } catch (InvalidRecordException e) {
            ImageLog.warn(LOG, record).log("A feature record is passed over: {} [offset: {}]", e.getMessage(), record.offset());
        }
        meters.count(EvaluatorMeters.SKIPPED);
        return Optional.empty();
    }

    public GateInput.Timed candidate(ConsumerRecord<byte[], byte[]> record) {
        if (wasRefused.test(record.offset())) {
            return plain(new GateEvent.CandidatePassedOver(record.offset()), record);
        }
        try {
            Prompt prompt = check.check(record);
            if (Leap.isAt(prompt.version(), record.offset())) {
                return refused(record, RefusalReason.LEAPING_VERSION, Leap.ofVersion(prompt.version(), record.offset()));
            }
            long horizon = Candidate.horizon(prompt);
            return isThere(horizon) ? new GateInput.NewCandidate(prompt, record.offset(), record.timestamp())
                    : refused(record, RefusalReason.BEYOND_END, ("It was learned from features that are not there; was image-features made "
                            + "anew, or who wrote it? [its offset: %d, end: %d]").formatted(horizon, knownEnd));
        } catch (RefusedPromptException e) {
            return refused(record, RefusalReason.valueOf(e.refusal().name()), e.getMessage());
        }
    }

    private static GateInput.Plain refused(ConsumerRecord<byte[], byte[]> record, RefusalReason why, String message) {
        return plain(new GateEvent.Refused(record.offset(), why, message), record);
    }

    /**
     * A learner has read the features before the horizon, committed ones, when it writes a candidate, so they are there when that is read.
     * One that is beyond them would wait for ever, with all behind it. Mostly they have come here, too, and nobody need be asked.
     */
    private boolean isThere(long horizon) {
        if (horizon > knownEnd) {
            knownEnd = featuresEnd.getAsLong();
        }
        return horizon <= knownEnd;
    }

    /** A command has come in time or too late by its record's own time: so it has for whoever reads it again. */
    public GateInput.Timed command(ConsumerRecord<byte[], byte[]> record) {
        try {
            GateCommand command = GateCommand.decode(record.value());
            return command(record, command, command.expiresAt() == 0 || command.expiresAt() >= record.timestamp() ? ""
                    : ("the command came too late: it had expired when Kafka wrote it down; send it again if it still holds, and if it was "
                            + "sent in time compare the sender's clock with the broker's [expired: %s, written: %s]").formatted(
                                    Instant.ofEpochMilli(command.expiresAt()), Instant.ofEpochMilli(record.timestamp())));
        } catch (InvalidCommandException e) {
            return command(record, UNREADABLE, "%s [offset: %d]".formatted(e.getMessage(), record.offset()));
        }
    }

    private static GateInput.Command command(ConsumerRecord<byte[], byte[]> record, GateCommand command, String refusal) {
        return new GateInput.Command(command, refusal, record.offset(), record.timestamp());
    }
}
