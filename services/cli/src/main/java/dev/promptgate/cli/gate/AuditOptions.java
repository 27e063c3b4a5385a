package dev.promptgate.cli.gate;

import dev.promptgate.messaging.command.GateCommand;
import picocli.CommandLine.Option;

/** Who does something, and why: for the history that {@code promptgate rollouts} and the console show. */
public final class AuditOptions {
    @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "", description = "why; goes into the history")
    private String reason;

    @Option(names = "--by", paramLabel = "NAME", defaultValue = "${sys:user.name}", description = "who you are; default: "
            + "${DEFAULT-VALUE}")
    private String by;

    public String reason() {
        return reason;
    }

    public String by() {
        return by;
    }

    /** The command that notes what was done. */
    public GateCommand note(String what) {
        return GateCommand.note(reason.isBlank() ? what : what + ", because " + reason, by);
    }
}
