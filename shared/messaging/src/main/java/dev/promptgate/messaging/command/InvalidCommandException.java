package dev.promptgate.messaging.command;

/** A record of gate-commands that cannot be carried out; the message is one line. */
public final class InvalidCommandException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param why completes "The command cannot be carried out: …" */
    public InvalidCommandException(String why) {
        super("The command cannot be carried out: " + why);
    }
}
