package dev.promptgate.evaluator.gatekeeper;

import dev.promptgate.evaluator.EvaluatorMeters;
import dev.promptgate.evaluator.report.Report;
import dev.promptgate.messaging.command.GateCommand;
import dev.promptgate.messaging.command.GateCommandCodec;
import dev.promptgate.messaging.command.InvalidCommandException;
import dev.promptgate.messaging.record.Quoted;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out operators' commands, each with a report that says what became of it. Blocking; the gatekeeper's thread. */
public final class Operator {
    private static final Logger LOG = LoggerFactory.getLogger(Operator.class);
    private static final GateCommand UNREADABLE = new GateCommand("", GateCommand.Action.ROLLBACK, OptionalLong.empty(), "", "", 0);

    private final String prompt;
    private final Gatekeeper gatekeeper;
    private final LongFunction<Optional<KnownPrompt>> archive;
    private final EvaluatorMeters meters;
    private final LongSupplier now;

    /**
     * @param archive finds a prompt by its version, if it ever was live
     * @param now epoch milliseconds
     */
    Operator(String prompt, Gatekeeper gatekeeper, LongFunction<Optional<KnownPrompt>> archive, EvaluatorMeters meters, LongSupplier now) {
        this.prompt = prompt;
        this.gatekeeper = gatekeeper;
        this.archive = archive;
        this.meters = meters;
        this.now = now;
    }

    public void take(ConsumerRecord<byte[], byte[]> record) {
        gatekeeper.commandTaken(record.offset(), record.timestamp());
        GateCommand command;
        try {
            command = GateCommandCodec.decode(record.value());
        } catch (InvalidCommandException e) {
            refuse(UNREADABLE, "%s [offset: %d]".formatted(e.getMessage(), record.offset()));
            return;
        }
        if (command.expiresAt() != 0 && command.expiresAt() < now.getAsLong()) {
            refuse(command, "the command came too late: it expired before the evaluator read it; send it again if it still holds");
            return;
        }
        switch (command.action()) {
            case PAUSE -> pause(command, true, "the gate is paused: it judges and reports, but rolls out nothing");
            case RESUME -> pause(command, false, "the gate goes on");
            case ROLLBACK -> rollBack(command);
        }
    }

    private void pause(GateCommand command, boolean paused, String reason) {
        LOG.warn("Operator's {}: {} [by: {}, reason: {}]", command.action(), reason, Quoted.of(command.by()), Quoted.of(command.reason()));
        meters.command(true);
        gatekeeper.pause(paused, report(Report.Kind.COMMAND).command(command, true, reason));
    }

    private void rollBack(GateCommand command) {
        LivePrompts live = gatekeeper.live().prompts();
        long version = command.to().orElse(live.lastGood().version());
        if (version == live.current().version()) {
            refuse(command, version == 0 ? "the hand-written prompt is live, there is nothing to roll back"
                    : "version " + version + " is live already");
            return;
        }
        Optional<KnownPrompt> target = version == 0 ? Optional.of(live.handWritten()) : archive.apply(version);
        if (target.isEmpty()) {
            refuse(command,
                    "version " + version + " was never live, or its candidate is gone from prompt-candidates; see: promptgate rollouts");
            return;
        }
        String reason = "operator %s: %s".formatted(command.by().isBlank() ? "(unknown)" : Quoted.of(command.by()),
                command.reason().isBlank() ? "no reason given" : Quoted.of(command.reason()));
        meters.command(true);
        gatekeeper.rollBackTo(target.get(), "operator", reason, report(Report.Kind.ROLLBACK).command(command, true, reason));
    }

    private void refuse(GateCommand command, String why) {
        LOG.warn("A command is refused: {} [by: {}]", why, Quoted.of(command.by()));
        meters.command(false);
        gatekeeper.note(report(Report.Kind.COMMAND).command(command, false, why));
    }

    private Report report(Report.Kind kind) {
        return Report.of(kind, prompt, gatekeeper.live().prompts().current().version());
    }
}
